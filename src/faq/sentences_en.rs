//! What is said in English about each kind of problem, and what to do.
//!
//! Which kinds there are and how bad each is stands in `diagnostic.rs`.

use super::Lang;
use super::diagnostic::{Expected, Problem, example};
use super::punctuation::titled;
use super::suggestion::nearest;
use super::system::system_words;

/// What is wrong, and its remedy.
#[expect(clippy::too_many_lines, reason = "a table: one kind of problem after the other")]
pub fn sentences(problem: &Problem) -> (String, String) {
    let said = |message: &str, remedy: &str| (message.to_owned(), remedy.to_owned());
    match problem {
        Problem::Unreadable { detail } => (format!("the file cannot be read: {}", system_words(detail, Lang::En)), "check where the file is and who may read it".into()),
        Problem::NotUtf8 => said("the file is not UTF-8", "choose \"UTF-8\" as the encoding in the editor and save again"),
        Problem::Bom => said("the file begins with an invisible byte order mark", "it works as it is; saving as \"UTF-8 without BOM\" removes it"),
        Problem::TooLarge { bytes, limit } => (format!("the file is too large (at least {bytes} bytes, {limit} are possible)"), "make one file a topic".into()),
        Problem::Nul => said("there is an invisible NUL character", "remove the character; saving again as UTF-8 may do it"),
        Problem::EmptyFile => said("there is nothing in this file", "write format, topic, title and entries (as in the other files), or delete the file"),
        Problem::Syntax { detail } => (
            format!("this is not valid YAML ({detail})"),
            "check indentation and punctuation here and in the line above; text with `: ` or ` #`, or beginning with [ { * & ! % @, goes in \"…\"".into(),
        ),
        Problem::Tab => said("there is a tab character", "use spaces instead, two for each level"),
        Problem::FullWidthColon { correct } => ("the colon after the field's name is full-width".into(), format!("write `{correct}`; if it is meant as text, put all of it in \"…\"")),
        Problem::ColonWithoutSpace { correct } => ("there is no space after this colon".into(), format!("write `{correct}`; if it is meant as text, put all of it in \"…\"")),
        Problem::FullWidthSpace => said("there is a full-width or no-break space where an ordinary one belongs", "use ordinary spaces, two for each level"),
        Problem::FullWidthSign { correct, .. } => ("full-width punctuation means nothing to YAML".into(), format!("write `{correct}`{}", if correct.ends_with(']') { "" } else { "; if it is to be shown as it is, put all of it in \"…\"" })),
        Problem::WordsInOne { words, in_lines } => (
            "neither 、 nor ・ nor a space parts words: this is one word".into(),
            if *in_lines { format!("write `- {}`, one a line; if it is one word, put it in \"…\"", words.join("` and `- ")) } else { format!("write `{}`; if it is one word, put it in \"…\"", words.join(", ")) },
        ),
        Problem::ColonInText { correct } => ("there is a second `: ` in this line, so where the field's name ends is not clear".into(), format!("put the text in quotes: `{correct}`")),
        Problem::NeedsQuotes { correct } => ("YAML cannot read this text: it begins with a sign of its own, or goes on behind a closed quotation mark".into(), format!("put all of it in quotes: `{correct}`")),
        Problem::CommentInText { correct, is_used, .. } => (
            if *is_used { "what follows ` #` is a comment, so the text is cut off here".into() } else { "what follows ` #` is a comment, so nothing is left here".into() },
            format!("put text in quotes: `{correct}`; behind the # of a comment write a space"),
        ),
        Problem::FieldInText { field, .. } => (
            format!("a line of this text begins with `{field}:` and is shown as it is"),
            format!("if it is meant as `{field}`, indent it less than the text, as the names of its level; if it is text, do not begin the line with `{field}:`"),
        ),
        Problem::TextBehindPipe { header } => {
            let sign = if header.ends_with('>') { '>' } else { '|' };
            (format!("no text can stand behind `{sign}`"), format!("leave only `{header}` and begin the text on the next line, indented by two more spaces; for text of one line remove the `{sign}` and put the text in \"…\""))
        }
        Problem::Joined { field, item } => (
            "this is no new line: it is joined to the one above with a space".into(),
            match item {
                Some(correct) => format!("if it is one of its own, write `{correct}`, beginning where the `- ` above does; if it goes on with the text above, write both on one line"),
                None => format!("to keep the lines, write `{field}: |` and begin the text on the next line, indented by two more spaces; to join them, write them on one line"),
            },
        ),
        Problem::Dash { correct } => (
            "each of these begins with `- `, but this line does not".into(),
            if correct.contains(": ") { format!("write `{correct}`, its `- ` where the others have theirs, and begin the `name: value` lines below two characters further right") } else { format!("write `{correct}`, beginning where the others do; if it goes on with the line above, write both on one line") },
        ),
        Problem::UnclosedBracket => said("this [ is not closed", "write ] at the end of the list; text with [ goes in \"…\""),
        Problem::MergeMarkers => said("git left its marks (<<<<<<<, =======, >>>>>>>) where two people changed the same lines", "choose what to keep of the lines above and below =======, and remove the other ones and the three marks"),
        Problem::UnclosedQuote => said("this quotation mark is not closed", "write the same mark (\" or ') at the end of the text; a \" inside it is written \\\""),
        Problem::Braces => said("inside { } a comma begins a new field, and full-width commas and colons part nothing", "without { } and commas: write one `name: value` a line, such as `ja: …` and `en: …`, each beginning where the others do"),
        Problem::Alias => said("anchors and aliases (& and *) cannot be used", "write the same thing again; text that begins with & or * goes in \"…\""),
        Problem::Tag => said("tags (!) cannot be used", "remove it; text that begins with ! goes in \"…\""),
        Problem::SecondDocument => said("`---` begins a second document", "remove the `---`, or move what is below it into a file of its own"),
        Problem::TooDeep => said("this is nested too deeply", "check the indentation, and count [ ] { }"),
        Problem::TooManyValues => said("there are too many values in one file", "make one file a topic"),
        Problem::KeyIsNoText => said("a field's name is missing here", "write `name: value`, such as `question: …`"),
        Problem::DuplicateKey { key } => (format!("`{key}` is written twice in the same place"), format!("keep one `{key}:` and remove the other")),
        Problem::UnknownField { field, suggestion } => (
            format!("there is no field `{field}`"),
            suggestion.as_ref().map_or_else(|| "remove this line; if it goes on with the text above, indent it more".into(), |name| format!("write `{name}:`")),
        ),
        Problem::MissingField { field } => (format!("`{field}` is missing"), format!("add a line like `{}`", example(field))),
        Problem::Empty { field, is_required: true } => (format!("`{field}` has no value"), format!("write for example `{}`", example(field))),
        Problem::Empty { field, .. } => (format!("`{field}` has no value"), format!("write something behind `{field}: `, or remove the line")),
        Problem::WrongType { field, expected, found, written } => (
            format!("`{field}` needs {}, but this is {}", expected.name(Lang::En), found.name(Lang::En)),
            match (expected, written) {
                (Expected::List, _) if field == "links" => "write `- title: …` on the next line, indented by two more spaces, and below it, indented by two more, `url: https://…`".into(),
                (Expected::List, Some(written)) => format!("write `{field}: [{written}]`, or one item a line, each beginning with `- `"),
                (Expected::List, None) => "write one item a line, each beginning with `- `".into(),
                (Expected::Text, Some(written)) => format!("if it is meant as text, put it in quotes: `{written}`"),
                (Expected::TextOrLanguages, _) => "write `ja: …` on the next line, indented by two spaces, and `en: …` on the one after it".into(),
                (Expected::Map, _) if field == "entries" => "begin each question with `- id: …`".into(),
                (Expected::Map, _) if field == "links" => "write `- title: …`, and `url: https://…` on the next line, indented by two spaces".into(),
                (expected, _) => format!("write {}", expected.name(Lang::En)),
            },
        ),
        Problem::NotOneOf { field, value, allowed } => (
            format!("`{field}` cannot be `{value}`"),
            nearest(value, allowed.iter().map(String::as_str)).map_or_else(|| format!("write one of: {}", allowed.join(", ")), |meant| format!("write `{field}: {meant}` (possible are {})", allowed.join(", "))),
        ),
        Problem::UnknownFormat { found } => (format!("this version of the bot cannot read `format: {found}`"), "write `format: 1`, or update the bot".into()),
        Problem::BadId { id, meant } => (format!("`{id}` cannot be an id"), named(meant.as_deref(), "night-shift")),
        Problem::BadName { name, meant } => (format!("`{name}` cannot be a topic's name"), named(meant.as_deref(), "night-work")),
        Problem::DuplicateId { id, first } => (format!("the id `{id}` is already used at {first}"), format!("choose another name, such as `id: {id}-2`")),
        Problem::FormerIdInUse { id, first } => (format!("`formerly` names `{id}`, which is used at {first}"), format!("remove `{id}` here: only ids that are no longer used can be former ones")),
        Problem::DuplicateTopic { id, first } => (format!("the topic `{id}` is already used at {first}"), format!("choose another name, such as `topic: {id}-2`")),
        Problem::DuplicateTitle { title, first } => (format!("another topic has the title `{title}` too ({first}), so members cannot tell them apart"), "change the title, or move the entries of both into one file".into()),
        Problem::CopiedFile { first } => (format!("this file seems to be a copy of `{first}`: topic and ids are the same"), "compare the two and delete the one not to keep".into()),
        Problem::DuplicateWording { wording, owner, first } => {
            (format!("entry `{owner}` has the same wording ({first})"), format!("remove one `{wording}`, or make it a way of asking for its own entry only"))
        }
        Problem::NoLanguage => said("there is no text in any language", "write `ja: …` or `en: …` on the next line, indented by two spaces"),
        Problem::MissingLanguage { lang } => (format!("there is no text in {}", lang.name()), format!("with a line `{}: …` it is answered in that language too", lang.code())),
        Problem::TooLong { field, units, limit } => (
            format!("`{field}` is too long ({units} characters, at most {limit})"),
            if field == "answer" { format!("shorten it by {}, or make two entries of it", units - limit) } else { format!("shorten it by {}", units - limit) },
        ),
        Problem::BadPattern { detail } => (
            format!("this regular expression cannot be used: {detail}"),
            "put \\ before ( ) [ ] { } * + ? . | that are meant as characters, or write a plain wording in also_asked instead".into(),
        ),
        Problem::PatternTooBig => said("this regular expression is too big", "repeat less (numbers such as {200}), or make two of it"),
        Problem::TooManyPatterns { limit } => (format!("there are too many patterns (at most {limit} in the whole FAQ)"), "join some of them with `|`, such as `夜勤|当直`".into()),
        Problem::BadUrl { url, meant } => (
            format!("`{url}` is not a sound address that begins with https://"),
            meant.as_ref().map_or_else(|| "copy it from the browser's address bar: it begins with https://, has no spaces and at most 512 characters".into(), |meant| format!("see whether `url: {meant}` opens, and write that")),
        ),
        Problem::BadDate { text, meant } => (
            format!("`{text}` cannot be read as a date"),
            meant.as_ref().map_or_else(|| "write year, month and day in digits, such as `reviewed: 2026-11-22`".into(), |meant| format!("write `reviewed: {meant}`")),
        ),
        Problem::UnknownEntry { field, id, suggestion } => (
            format!("`{field}` names `{id}`, which does not exist"),
            suggestion.as_ref().map_or_else(|| "check the id, or remove it".into(), |name| format!("write `{name}`, or remove it")),
        ),
        Problem::NoLink => said("there is no link", "under `links:` add a page to read on, with `- title: …` and `url: https://…`"),
        Problem::MarkdownLink { title, url } => ("a link inside a text is never checked, and in a terminal it shows its brackets".into(), format!("leave only `{title}` in the text; under `links:` write `- title: {}`, and on the next line, indented by two spaces, `url: {url}`", titled(title))),
        Problem::CareWithoutPattern => said("an entry of `kind: care` without patterns is never found", "write the words that should find it, such as `patterns: ['消えたい']`"),
        Problem::DuplicateForm { form, owner } => (format!("`{form}` also stands in the group `{owner}`"), format!("keep `{form}` only in the group that is nearer in meaning")),
        Problem::MustFindMissed { question, found } => (
            match found {
                None => format!("`{question}` of must_find finds nothing"),
                Some((found, words)) => format!("`{question}` of must_find finds `{found}` first{}", if words.is_empty() { String::new() } else { format!(" (words in common: {words})") }),
            },
            match found {
                None => "make it a question that ends with `?`; if that is not enough, add a similar wording to this entry's also_asked".into(),
                Some((found, _)) => format!("add a similar wording to this entry's also_asked, or move the question to must_find of `{found}`"),
            },
        ),
        Problem::MustFindKnown { question } => (format!("`{question}` of must_find is a wording of this entry, so it checks nothing"), "ask it in another way".into()),
        Problem::OnlyOffered { question, pattern } => (
            format!("asked this entry's question `{question}`, the bot is not sure of it and only offers it: too few of its words say anything"),
            format!("put more words of the matter into the question, or add `patterns: ['{pattern}']`"),
        ),
        Problem::NotAsked { question } => (format!("this entry's question `{question}` does not look like one, so whoever asks it gets no answer"), "make it a sentence that ends with `?`".into()),
        Problem::Shadowed { by } => (format!("even this entry's own question finds `{by}` first"), format!("put words into the question that only it has, or make one entry of this and `{by}`")),
        Problem::NearTwin { question, twin, place } => (
            format!("the question is so near to that of `{twin}` ({place}) that `{question}` does not tell which of the two is meant"),
            "make one entry of the two, or put words into each question that only it has".into(),
        ),
        Problem::PatternUnused { pattern } => (
            format!("`{pattern}` of patterns matches none of this entry's wordings"),
            "add a wording it matches to also_asked, or rewrite it (patterns see the text in half-width lower case)".into(),
        ),
        Problem::PatternTakesAll { pattern } => (
            format!("`{pattern}` of patterns also matches wordings of more than a fourth of the other entries, and takes them all"),
            "add the words around it, so that it matches this entry's wordings only, or remove it; the other checks by searching come after that".into(),
        ),
        Problem::PatternTakesOther { pattern, wording, owner } => {
            (format!("`{pattern}` of patterns also matches `{wording}`, a wording of `{owner}`"), "add the words around it, so that it matches this entry's wordings only".into())
        }
        Problem::CareUncaught { wording } => (format!("`{wording}` of also_asked is not recognised as a matter of care"), "add its words to `patterns`, or more wordings like it to also_asked".into()),
        Problem::CareFalse { wording } => (format!("`{wording}` of not_about is taken for a matter of care, but is none"), "make the words in `patterns` longer, or add more like it to not_about".into()),
        Problem::NoCare => said("there is no entry of `kind: care` for people in need; the shipped ones are used", "copy the faq/care.yaml here that `medse-bot init NEW_FOLDER` makes"),
    }
}

fn named(meant: Option<&str>, example: &str) -> String {
    let rule = "a-z, 0-9 and hyphens only, at most 48";
    meant.map_or_else(|| format!("write something like `{example}` ({rule})"), |meant| format!("`{meant}` is possible ({rule})"))
}
