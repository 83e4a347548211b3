//! What is said in Japanese about each kind of problem, and what to do: to moderators, most of whom are no engineers.
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
        Problem::Unreadable { detail } => (format!("ファイルを読めません：{}", system_words(detail, Lang::Ja)), "ファイルの場所と、読んでよい人の設定（権限）を確かめてください。".into()),
        Problem::NotUtf8 => said("文字コードがUTF-8ではありません。", "エディタで文字コードに「UTF-8」を選んで、保存し直してください。"),
        Problem::Bom => said("先頭に見えない文字（BOM）があります。", "このままでも読めます。気になるときは「UTF-8（BOMなし）」で保存してください。"),
        Problem::TooLarge { bytes, limit } => (format!("ファイルが大きすぎます（{bytes} バイト以上、上限 {limit} バイト）。"), "話題ごとにファイルを分けてください。".into()),
        Problem::Nul => said("見えない文字（NUL）が入っています。", "この文字を消してください。エディタで「UTF-8」を選んで保存し直すと消えることがあります。"),
        Problem::EmptyFile => said("ファイルの中身がありません。", "format、topic、title、entries を書くか（ほかのファイルが手本になります）、ファイルを消してください。"),
        Problem::Syntax { detail } => (format!("書き方がYAMLの決まりに合いません{}。", scanned(detail).map(|said| format!("（{said}）")).unwrap_or_default()), "この行と一つ上の行の、字下げと記号を確かめてください。「: 」や「 #」を含む文と、[ { * & ! % @ で始まる文は、\"…\" で囲みます。".into()),
        Problem::Tab => said("タブ文字があります。", "半角の空白に置き換えてください（字下げは一段につき二つ）。"),
        Problem::FullWidthColon { correct } => ("項目の名前の後ろの「：」が全角です。".into(), format!("「{correct}」と、半角の「:」と空白で書いてください。文のつもりなら、全体を \"…\" で囲んでください。")),
        Problem::ColonWithoutSpace { correct } => ("「:」の後ろに半角の空白がありません。".into(), format!("「{correct}」と書いてください。文のつもりなら、全体を \"…\" で囲んでください。")),
        Problem::FullWidthSpace => said("半角の空白があるはずの所に、全角の空白か、改行しない空白（NBSP）があります。", "半角の空白に置き換えてください（字下げは一段につき二つ）。"),
        Problem::FullWidthSign { correct, .. } => ("全角の記号は、YAMLの記号として働きません。".into(), format!("「{correct}」と、半角の記号で書いてください。{}", if correct.ends_with(']') { "" } else { "このまま見せる文なら、全体を \"…\" で囲んでください。" })),
        Problem::WordsInOne { words, in_lines } => (
            "「、」「・」や空白では言葉が分かれず、全体で一つの言葉になります。".into(),
            if *in_lines { format!("「- {}」と、一行に一つ書いてください。一つの言葉なら、\"…\" で囲んでください。", words.join("」「- ")) } else { format!("「{}」と、半角の「,」と空白で分けて書いてください。一つの言葉なら、\"…\" で囲んでください。", words.join(", ")) },
        ),
        Problem::ColonInText { correct } => ("文の途中に「: 」があるので、どこまでが項目の名前か決まりません。".into(), format!("「{correct}」と、文を引用符で囲んでください。")),
        Problem::NeedsQuotes { correct } => ("この文は、このままではYAMLに読めません。記号で始まるか、閉じた引用符の後ろに続きがあります。".into(), format!("「{correct}」と、文の全体を引用符で囲んでください。")),
        Problem::CommentInText { correct, is_used, .. } => (
            if *is_used { "「 #」から後ろは覚え書きとして読み飛ばされ、文がここで切れます。".into() } else { "「 #」から後ろは覚え書きとして読み飛ばされ、ここには何も残りません。".into() },
            format!("文なら「{correct}」と引用符で囲んでください。覚え書きなら、# の後ろに空白を入れてください。"),
        ),
        Problem::FieldInText { field, .. } => (
            format!("文の中に「{field}:」で始まる行があり、このまま文として見せられます。"),
            format!("「{field}」の行のつもりなら、文より字下げを浅くして、同じ段の名前と頭をそろえてください。文なら、「{field}:」が行の初めに来ないように書いてください。"),
        ),
        Problem::TextBehindPipe { header } => {
            let sign = if header.ends_with('>') { '>' } else { '|' };
            (format!("「{sign}」の後ろには文を書けません。"), format!("「{header}」だけを残し、文は次の行に、それより二文字下げて書いてください。一行の文なら、「{sign}」を消して、文を \"…\" で囲んでください。"))
        }
        Problem::Joined { field, item } => (
            "この行は新しい行にならず、上の行に空白一つでつながります。".into(),
            match item {
                Some(correct) => format!("別の一つなら、上の「- 」と同じ位置から「{correct}」と書いてください。続きなら、上の行と合わせて一行に書いてください。"),
                None => format!("改行を残すなら、「{field}: |」と書いて、文をその次の行から、二文字下げて書いてください。つなげるなら、一行に書いてください。"),
            },
        ),
        Problem::Dash { correct } => (
            "一つずつ「- 」で始まる所ですが、この行は半角の「-」と空白で始まっていません。".into(),
            if correct.contains(": ") { format!("「{correct}」と、ほかの「- 」と頭をそろえて書き、続く「名前: 値」の行は、その二文字右にそろえてください。") } else { format!("「{correct}」と、ほかの「- 」と頭をそろえて書いてください。上の行の続きなら、上の行と合わせて一行に書いてください。") },
        ),
        Problem::UnclosedBracket => said("「[」が閉じていません。", "言葉の並びの終わりに「]」を書いてください。文の [ なら、文の全体を \"…\" で囲んでください。"),
        Problem::MergeMarkers => said("git が二人の変更を合わせられなかった印（<<<<<<<、=======、>>>>>>>）があります。", "「=======」の上と下から残すほうを選び、もう一方と、印の三行を消してください。"),
        Problem::UnclosedQuote => said("引用符が閉じていません。", "文の終わりに、始まりと同じ引用符（\" か '）を書いてください。文の中の \" は \\\" と書きます。"),
        Problem::Braces => said("{ } の中では、半角の「,」から次の項目が始まり、全角の「，」や「：」は区切りになりません。", "{ } と「,」を使わずに、「ja: …」「en: …」のような「名前: 値」を、一行に一つずつ頭をそろえて書いてください。"),
        Problem::Alias => said("アンカーと別名（& と *）は使えません。", "同じ内容をもう一度書いてください。& や * で始まる文なら、\"…\" で囲んでください。"),
        Problem::Tag => said("タグ（! で始まる印）は使えません。", "! と印を消してください。! で始まる文なら、\"…\" で囲んでください。"),
        Problem::SecondDocument => said("「---」から二つ目の文書が始まっています。", "「---」の行を消すか、その下を別のファイルに移してください。"),
        Problem::TooDeep => said("字下げやかっこの段が深すぎます。", "字下げと、[ ] { } の数を見直してください。"),
        Problem::TooManyValues => said("一つのファイルに書かれているものが多すぎます。", "話題ごとにファイルを分けてください。"),
        Problem::KeyIsNoText => said("項目の名前のあるはずの所に、名前がありません。", "「question: …」のように、「名前: 値」の形にしてください。"),
        Problem::DuplicateKey { key } => (format!("「{key}」が同じ所に二度書かれています。"), format!("「{key}:」を一つだけ残し、もう一つを消してください。")),
        Problem::UnknownField { field, suggestion } => (
            format!("「{field}」という名前の項目はありません。"),
            suggestion.as_ref().map_or_else(|| "この行を消してください。前の行の続きの文なら、字下げを一段深くしてください。".into(), |name| format!("「{name}:」と書いてください。")),
        ),
        Problem::MissingField { field } => (format!("「{field}」がありません。"), format!("「{}」のように書き足してください。", example(field))),
        Problem::Empty { field, is_required: true } => (format!("「{field}」の中身がありません。"), format!("「{}」のように書いてください。", example(field))),
        Problem::Empty { field, .. } => (format!("「{field}」の中身がありません。"), format!("「{field}: 」の後ろに書くか、この行を消してください。")),
        Problem::WrongType { field, expected, found, written } => (
            format!("「{field}」には{}が要りますが、書かれているのは{}です。", expected.name(Lang::Ja), found.name(Lang::Ja)),
            match (expected, written) {
                (Expected::List, _) if field == "links" => "次の行から二文字下げて「- title: …」と、その次の行にさらに二文字下げて「url: https://…」と書いてください。".into(),
                (Expected::List, Some(written)) => format!("「{field}: [{written}]」と書くか、次の行から「- 」で始めて一行に一つ書いてください。"),
                (Expected::List, None) => "次の行から、「- 」で始めて一行に一つ書いてください。".into(),
                (Expected::Text, Some(written)) => format!("文のつもりなら、「{written}」と引用符で囲んでください。"),
                (Expected::TextOrLanguages, _) => "次の行に二文字下げて「ja: …」、その次の行に「en: …」と書いてください。".into(),
                (Expected::Map, _) if field == "entries" => "一つの質問ごとに「- id: …」から書き始めてください。".into(),
                (Expected::Map, _) if field == "links" => "「- title: …」と、その次の行に二文字下げて「url: https://…」と書いてください。".into(),
                (expected, _) => format!("{}を書いてください。", expected.name(Lang::Ja)),
            },
        ),
        Problem::NotOneOf { field, value, allowed } => (
            format!("「{field}」に「{value}」は選べません。"),
            nearest(value, allowed.iter().map(String::as_str)).map_or_else(|| format!("{} のどれかにしてください。", allowed.join("、")), |meant| format!("「{field}: {meant}」と書いてください（選べるのは {}）。", allowed.join("、"))),
        ),
        Problem::UnknownFormat { found } => (format!("この版のボットは「format: {found}」を読めません。"), "「format: 1」と書くか、ボットを新しくしてください。".into()),
        Problem::BadId { id, meant } => (format!("id「{id}」は使えません。"), named(meant.as_deref(), "night-shift")),
        Problem::BadName { name, meant } => (format!("topic「{name}」は使えません。"), named(meant.as_deref(), "night-work")),
        Problem::DuplicateId { id, first } => (format!("id「{id}」は {first} でもう使われています。"), format!("「id: {id}-2」のように、ほかと違う名前にしてください。")),
        Problem::FormerIdInUse { id, first } => (format!("formerly の「{id}」は {first} で使われています。"), format!("ここから「{id}」を消してください。formerly に書けるのは、もう使っていない id だけです。")),
        Problem::DuplicateTopic { id, first } => (format!("topic「{id}」は {first} でもう使われています。"), format!("「topic: {id}-2」のように、ほかと違う名前にしてください。")),
        Problem::DuplicateTitle { title, first } => (format!("見出し「{title}」の話題は、ほかにもあります（{first}）。メンバーは選び分けられません。"), "見出しを変えるか、二つのファイルの項目を一つのファイルにまとめてください。".into()),
        Problem::CopiedFile { first } => (format!("このファイルは「{first}」の写しのようです。topic も id も同じです。"), "二つを見くらべて、残さないほうのファイルを消してください。".into()),
        Problem::DuplicateWording { wording, owner, first } => (
            format!("同じ言い回しが項目「{owner}」にもあります（{first}）。"),
            format!("どちらかの「{wording}」を消すか、その項目だけの聞き方に変えてください。"),
        ),
        Problem::NoLanguage => said("どの言語の文もありません。", "次の行に二文字下げて、「ja: …」か「en: …」を書いてください。"),
        Problem::MissingLanguage { lang } => (format!("{}の文がありません。", if *lang == Lang::Ja { "日本語" } else { "英語" }), format!("「{}: …」の行を書き足すと、その言語でも答えられます。", lang.code())),
        Problem::TooLong { field, units, limit } => (
            format!("「{field}」が長すぎます（{units} 文字、上限 {limit} 文字）。"),
            if field == "answer" { format!("{} 文字減らすか、項目を二つに分けてください。", units - limit) } else { format!("{} 文字減らしてください。", units - limit) },
        ),
        Problem::BadPattern { detail } => (format!("正規表現として使えません：{}。", expression(detail)), "記号 ( ) [ ] { } * + ? . | を文字として使うなら前に \\ を置くか、also_asked にふつうの言い回しで書いてください。".into()),
        Problem::PatternTooBig => said("この正規表現は大きすぎます。", "{200} のような繰り返しの数を減らすか、二つに分けてください。"),
        Problem::TooManyPatterns { limit } => (format!("patterns が多すぎます（FAQ全体で {limit} 個まで）。"), "いくつかを「夜勤|当直」のように「|」で一つにまとめてください。".into()),
        Problem::BadUrl { url, meant } => (
            format!("「{url}」は https:// で始まる正しいアドレスではありません。"),
            meant.as_ref().map_or_else(|| "ブラウザーのアドレス欄から、https:// で始まるアドレスを写してください（空白は入りません。512文字まで）。".into(), |meant| format!("「url: {meant}」で開けるか確かめて、そう書いてください。")),
        ),
        Problem::BadDate { text, meant } => (
            format!("「{text}」は日付として読めません。"),
            meant.as_ref().map_or_else(|| "「reviewed: 2026-11-22」のように、年-月-日を半角の数字で書いてください。".into(), |meant| format!("「reviewed: {meant}」と書いてください。")),
        ),
        Problem::UnknownEntry { field, id, suggestion } => (
            format!("{field} の「{id}」という id の項目はありません。"),
            suggestion.as_ref().map_or_else(|| "id を確かめるか、消してください。".into(), |name| format!("「{name}」と書くか、消してください。")),
        ),
        Problem::NoLink => said("リンクがありません。", "「links:」の下に「- title: …」「url: https://…」で、詳しく読めるページを足してください。"),
        Problem::MarkdownLink { title, url } => ("文の中のリンクは、開けるか確かめられず、端末では記号のまま見えます。".into(), format!("文には「{title}」だけを残し、「links:」の下に「- title: {}」、その次の行に二文字下げて「url: {url}」と書いてください。", titled(title))),
        Problem::CareWithoutPattern => said("「kind: care」の項目に patterns がありません。このままでは見つかりません。", "「patterns: ['消えたい']」のように、気づきたい言葉を書いてください。"),
        Problem::DuplicateForm { form, owner } => (format!("「{form}」は「{owner}」の組にもあります。"), format!("「{form}」を、意味の近いほうの組だけに残してください。")),
        Problem::MustFindMissed { question, found } => (
            match found {
                None => format!("must_find の「{question}」では、どの項目も見つかりません。"),
                Some((found, words)) => format!("must_find の「{question}」で先に見つかるのは、項目「{found}」です{}。", if words.is_empty() { String::new() } else { format!("（同じ言葉：「{words}」）") }),
            },
            match found {
                None => "「…？」のように、尋ねる文にしてください。それでも出るなら、この項目の also_asked に近い言い回しを足してください。".into(),
                Some((found, _)) => format!("この項目の also_asked に近い言い回しを足すか、この質問を項目「{found}」の must_find に移してください。"),
            },
        ),
        Problem::MustFindKnown { question } => (format!("must_find の「{question}」は、この項目の言い回しと同じなので、何も確かめません。"), "ほかの聞き方に変えてください。".into()),
        Problem::OnlyOffered { question, pattern } => (
            format!("この項目の質問「{question}」で聞いても、言葉が少ないので、答えずに候補として出すだけです。"),
            format!("話題の言葉をもっと入れた質問にするか、「patterns: ['{pattern}']」を足してください。"),
        ),
        Problem::NotAsked { question } => (format!("この項目の質問「{question}」は、尋ねる文に見えないので、そのまま聞かれても答えません。"), "「…ですか？」「…は？」のように、「？」で終わる文にしてください。".into()),
        Problem::Shadowed { by } => (format!("この項目の質問そのもので聞いても、項目「{by}」が先に見つかります。"), format!("この質問にしかない言葉を質問に入れるか、項目「{by}」と一つにまとめてください。")),
        Problem::NearTwin { question, twin, place } => (
            format!("項目「{twin}」（{place}）と質問がとても近く、「{question}」と聞かれても、どちらのことか決められません。"),
            "二つを一つの項目にまとめるか、それぞれの質問に、その項目にしかない言葉を入れてください。".into(),
        ),
        Problem::PatternUnused { pattern } => (format!("patterns の「{pattern}」は、この項目のどの言い回しにも当てはまりません。"), "当てはまる言い回しを also_asked に足すか、書き直してください（patterns は、全角の英数字を半角に、大文字を小文字にした文に当てます）。".into()),
        Problem::PatternTakesAll { pattern } => (
            format!("patterns の「{pattern}」は、ほかの項目の四つに一つより多くの言い回しにも当てはまり、みなこの項目で答えてしまいます。"),
            "前後の言葉を足して、この項目の言い回しだけに当てはまるようにするか、消してください。ほかの点検は、そのあとで行います。".into(),
        ),
        Problem::PatternTakesOther { pattern, wording, owner } => (
            format!("patterns の「{pattern}」は、項目「{owner}」の言い回し「{wording}」にも当てはまります。"),
            "前後の言葉を足して、この項目の言い回しだけに当てはまるようにしてください。".into(),
        ),
        Problem::CareUncaught { wording } => (format!("also_asked の「{wording}」は、careの項目として見つかりません。"), "「patterns」にこの文の言葉を足すか、also_asked に似た文を足してください。".into()),
        Problem::CareFalse { wording } => (format!("not_about の「{wording}」は心配のない文なのに、careの項目が見つかります。"), "「patterns」の言葉をもっと長くするか、not_about に似た文を足してください。".into()),
        Problem::NoCare => said("つらい人への案内（「kind: care」の項目）がありません。同梱の案内を使います。", "「medse-bot init 新しいフォルダー」で作られる faq/care.yaml を、ここに写してください。"),
    }
}

fn named(meant: Option<&str>, example: &str) -> String {
    let rule = "半角の英小文字・数字・ハイフンだけで、48文字まで";
    meant.map_or_else(
        || format!("「{example}」のように書いてください（{rule}）。"),
        |meant| format!("「{meant}」なら使えます（{rule}）。"),
    )
}

/// The YAML reader's commonest complaints. The others would be English words that help nobody who does not know its inside.
fn scanned(detail: &str) -> Option<&'static str> {
    let known = [
        ("did not find expected key", "「名前: 」の行があるはずの所です"),
        ("could not find expected ':'", "「:」がありません"),
        ("simple key", "「名前: 」か「- 」で始まるはずの行か、字下げがそろっていない行です"),
        ("'-' indicator", "「- 」で始まるはずの行か、字下げがそろっていない行です"),
        ("mapping values are not allowed", "ここに「: 」は置けません"),
        ("flow sequence", "[ が閉じていないか、「,」がありません"),
        ("placement of ':'", "[ が閉じていないか、「: 」がこの行に置けません"),
        ("trailing content", "閉じた引用符の後ろに、まだ文があります"),
        ("anchor", "* か & で始まる文です"),
        ("a tag", "! で始まる文です"),
        ("flow mapping", "{ が閉じていないか、「,」がありません"),
        ("bracket", "かっこが閉じていません"),
        ("escape", "\\ の後ろの文字が使えません"),
        ("indent", "字下げがそろっていません"),
        ("unexpected character", "この文字で文を始められません"),
        ("cannot start any token", "この文字で文を始められません"),
    ];
    known.into_iter().find(|(words, _)| detail.contains(words)).map(|(_, said)| said)
}

/// The commonest faults of an expression; the others as the library says them.
fn expression(detail: &str) -> &str {
    let known = [
        ("unclosed group", "「(」が閉じていません"),
        ("unopened group", "「)」に合う「(」がありません"),
        ("unclosed character class", "「[」が閉じていません"),
        ("repetition operator missing", "「*」「+」「?」の前に文字がありません"),
        ("unclosed counted repetition", "「{」が閉じていません"),
        ("unrecognized escape", "「\\」の後ろの文字が使えません"),
        ("incomplete escape", "「\\」の後ろに文字がありません"),
        ("look-around", "先読みと後読みは使えません"),
        ("backreferences", "後方参照は使えません"),
    ];
    known.into_iter().find(|(words, _)| detail.contains(words)).map_or(detail, |(_, said)| said)
}
