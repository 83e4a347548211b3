//! What can be wrong in a FAQ file, how bad it is, and what to write instead: one sentence each, in every language.
//!
//! Which places have which problem is decided by the loader and by [`crate::knowledge`]; drawing it is left to `drawing.rs`.

use std::fmt;
use std::ops::Range;

use super::{EntryId, Lang};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The FAQ could be better; nothing is wrong.
    Hint,
    /// Probably not what was meant; the entry is used all the same.
    Warning,
    /// The entry, or the whole file, cannot be used.
    Error,
}

/// A stretch of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file's name, without its folder.
    pub file: String,
    /// Counted from 1; 0 where only the file is meant.
    pub line: usize,
    /// Counted in characters from 1; 0 where only the file is meant.
    pub column: usize,
    /// The bytes meant, for the carets; empty where only a position is known.
    pub bytes: Range<usize>,
}

/// `file:line:column`, or the file alone.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => formatter.write_str(&self.file),
            line => write!(formatter, "{}:{line}:{}", self.file, self.column),
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// Everything that can be wrong with a FAQ. A new kind needs a level, a code and both sentences in both languages, or it does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`message` says what each kind means, in two languages")]
pub enum Problem {
    // The file as text.
    Unreadable { detail: String },
    NotUtf8,
    Bom,
    TooLarge { bytes: usize, limit: usize },
    Nul,
    EmptyFile,
    // The file as YAML.
    Syntax { detail: String },
    Tab,
    FullWidthColon,
    FullWidthSpace,
    Alias,
    Tag,
    SecondDocument,
    TooDeep,
    TooManyValues,
    KeyIsNoText,
    // Fields.
    DuplicateKey { key: String },
    UnknownField { field: String, suggestion: Option<String> },
    MissingField { field: String },
    Empty { field: String },
    WrongType { field: String, expected: Expected, found: Expected },
    NotOneOf { value: String, allowed: Vec<String> },
    // What the fields say.
    UnknownFormat { found: String },
    BadId { id: String },
    DuplicateId { id: EntryId, first: Place },
    DuplicateTopic { id: String, first: Place },
    DuplicateWording { wording: String, owner: EntryId, first: Place },
    NoLanguage,
    MissingLanguage { lang: Lang },
    TooLong { units: usize, limit: usize },
    BadPattern { detail: String },
    TooManyPatterns { limit: usize },
    BadUrl { url: String },
    BadDate { text: String },
    UnknownEntry { field: &'static str, id: String, suggestion: Option<String> },
    NoLink,
    CareWithoutPattern,
    DuplicateForm { form: String, owner: String },
    BadName { name: String },
    // What only searching shows.
    MustFindMissed { question: String, found: Option<EntryId> },
    Shadowed { by: EntryId },
    PatternUnused { pattern: String },
    PatternTakesOther { pattern: String, wording: String, owner: EntryId },
    CareUncaught { wording: String },
    CareFalse { wording: String },
    NoCare,
}

/// What a value is, or should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Expected {
    Text,
    TextOrLanguages,
    List,
    Map,
    Number,
    TrueOrFalse,
    Nothing,
}

impl Expected {
    fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Expected::Text, Lang::Ja) => "文字",
            (Expected::Text, Lang::En) => "text",
            (Expected::TextOrLanguages, Lang::Ja) => "文字、または ja: と en:",
            (Expected::TextOrLanguages, Lang::En) => "text, or `ja:` and `en:`",
            (Expected::List, Lang::Ja) => "リスト",
            (Expected::List, Lang::En) => "a list",
            (Expected::Map, Lang::Ja) => "「名前: 値」の並び",
            (Expected::Map, Lang::En) => "`name: value` lines",
            (Expected::Number, Lang::Ja) => "数字",
            (Expected::Number, Lang::En) => "a number",
            (Expected::TrueOrFalse, Lang::Ja) => "true か false",
            (Expected::TrueOrFalse, Lang::En) => "true or false",
            (Expected::Nothing, Lang::Ja) => "空",
            (Expected::Nothing, Lang::En) => "nothing",
        }
    }
}

impl Diagnostic {
    /// In order of file and place.
    pub fn sort(diagnostics: &mut [Diagnostic]) {
        let place = |diagnostic: &Diagnostic| (diagnostic.place.file.clone(), diagnostic.place.bytes.start);
        diagnostics.sort_by_cached_key(place);
    }
}

impl Problem {
    /// How bad it is.
    pub fn level(&self) -> Level {
        match self {
            Problem::MissingLanguage { .. } | Problem::NoLink => Level::Hint,
            Problem::Bom
            | Problem::DuplicateWording { .. }
            | Problem::DuplicateForm { .. }
            | Problem::UnknownEntry { .. }
            | Problem::NoCare
            | Problem::CareFalse { .. }
            | Problem::MustFindMissed { .. }
            | Problem::Shadowed { .. }
            | Problem::PatternUnused { .. }
            | Problem::PatternTakesOther { .. }
            | Problem::CareUncaught { .. } => Level::Warning,
            _ => Level::Error,
        }
    }

    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Unreadable { .. } => "unreadable",
            Problem::NotUtf8 => "not-utf8",
            Problem::Bom => "bom",
            Problem::TooLarge { .. } => "too-large",
            Problem::Nul => "nul",
            Problem::EmptyFile => "empty-file",
            Problem::Syntax { .. } => "syntax",
            Problem::Tab => "tab",
            Problem::FullWidthColon => "full-width-colon",
            Problem::FullWidthSpace => "full-width-space",
            Problem::Alias => "alias",
            Problem::Tag => "tag",
            Problem::SecondDocument => "second-document",
            Problem::TooDeep => "too-deep",
            Problem::TooManyValues => "too-many-values",
            Problem::KeyIsNoText => "key-is-no-text",
            Problem::DuplicateKey { .. } => "duplicate-key",
            Problem::UnknownField { .. } => "unknown-field",
            Problem::MissingField { .. } => "missing-field",
            Problem::Empty { .. } => "empty",
            Problem::WrongType { .. } => "wrong-type",
            Problem::NotOneOf { .. } => "not-one-of",
            Problem::UnknownFormat { .. } => "unknown-format",
            Problem::BadId { .. } => "bad-id",
            Problem::DuplicateId { .. } => "duplicate-id",
            Problem::DuplicateTopic { .. } => "duplicate-topic",
            Problem::DuplicateWording { .. } => "duplicate-wording",
            Problem::NoLanguage => "no-language",
            Problem::MissingLanguage { .. } => "missing-language",
            Problem::TooLong { .. } => "too-long",
            Problem::BadPattern { .. } => "bad-pattern",
            Problem::TooManyPatterns { .. } => "too-many-patterns",
            Problem::BadUrl { .. } => "bad-url",
            Problem::BadDate { .. } => "bad-date",
            Problem::UnknownEntry { .. } => "unknown-entry",
            Problem::NoLink => "no-link",
            Problem::CareWithoutPattern => "care-without-pattern",
            Problem::DuplicateForm { .. } => "duplicate-form",
            Problem::BadName { .. } => "bad-name",
            Problem::MustFindMissed { .. } => "must-find-missed",
            Problem::Shadowed { .. } => "shadowed",
            Problem::PatternUnused { .. } => "pattern-unused",
            Problem::PatternTakesOther { .. } => "pattern-takes-other",
            Problem::CareUncaught { .. } => "care-uncaught",
            Problem::CareFalse { .. } => "care-false",
            Problem::NoCare => "no-care",
        }
    }

    /// What is wrong, in one sentence.
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::Ja => self.message_ja(),
            Lang::En => self.message_en(),
        }
    }

    /// What to do about it.
    pub fn remedy(&self, lang: Lang) -> String {
        match lang {
            Lang::Ja => self.remedy_ja(),
            Lang::En => self.remedy_en(),
        }
    }

    fn message_ja(&self) -> String {
        match self {
            Problem::Unreadable { detail } => format!("ファイルを読めません：{detail}"),
            Problem::NotUtf8 => "文字コードがUTF-8ではありません。".into(),
            Problem::Bom => "先頭に見えない文字（BOM）があります。".into(),
            Problem::TooLarge { bytes, limit } => format!("ファイルが大きすぎます（{bytes} バイト、上限 {limit}）。"),
            Problem::Nul => "見えない文字（NUL）が入っています。".into(),
            Problem::EmptyFile => "中身がありません。".into(),
            Problem::Syntax { detail } => format!("YAMLとして読めません（{detail}）。"),
            Problem::Tab => "タブ文字があります。".into(),
            Problem::FullWidthColon => "全角の「：」です。".into(),
            Problem::FullWidthSpace => "行の先頭に全角の空白があります。".into(),
            Problem::Alias => "アンカーと別名（& と *）は使えません。".into(),
            Problem::Tag => "タグ（!）は使えません。".into(),
            Problem::SecondDocument => "「---」で区切られた二つ目の文書があります。".into(),
            Problem::TooDeep => "入れ子が深すぎます。".into(),
            Problem::TooManyValues => "値が多すぎます。".into(),
            Problem::KeyIsNoText => "項目の名前が文字ではありません。".into(),
            Problem::DuplicateKey { key } => format!("「{key}」が二度書かれています。"),
            Problem::UnknownField { field, .. } => format!("「{field}」という項目はありません。"),
            Problem::MissingField { field } => format!("「{field}」がありません。"),
            Problem::Empty { field } => format!("「{field}」の中身がありません。"),
            Problem::WrongType { field, expected, found } => {
                format!("「{field}」には{}が要りますが、{}です。", expected.name(Lang::Ja), found.name(Lang::Ja))
            }
            Problem::NotOneOf { value, .. } => format!("「{value}」は選べません。"),
            Problem::UnknownFormat { found } => format!("この版は format: {found} を読めません。"),
            Problem::BadId { id } => format!("id「{id}」は使えません。"),
            Problem::DuplicateId { id, first } => format!("id「{id}」は {first} でもう使われています。"),
            Problem::DuplicateTopic { id, first } => format!("topic「{id}」は {first} でもう使われています。"),
            Problem::DuplicateWording { owner, first, .. } => {
                format!("同じ言い回しが項目「{owner}」にもあります（{first}）。")
            }
            Problem::NoLanguage => "どの言語の文もありません。".into(),
            Problem::MissingLanguage { lang } => format!("{}の文がありません。", lang.name()),
            Problem::TooLong { units, limit } => format!("長すぎます（{units} 文字、上限 {limit}）。"),
            Problem::BadPattern { detail } => format!("正規表現として使えません：{detail}"),
            Problem::TooManyPatterns { limit } => format!("patterns が多すぎます（FAQ全体で {limit} まで）。"),
            Problem::BadUrl { url } => format!("「{url}」はhttpsのアドレスではありません。"),
            Problem::BadDate { text } => format!("「{text}」は日付ではありません。"),
            Problem::UnknownEntry { field, id, .. } => format!("{field} の「{id}」という項目はありません。"),
            Problem::NoLink => "リンクがありません。".into(),
            Problem::CareWithoutPattern => "careの項目に patterns がありません。このままでは見つかりません。".into(),
            Problem::DuplicateForm { form, owner } => format!("「{form}」は「{owner}」にもあります。"),
            Problem::BadName { name } => format!("名前「{name}」は使えません。"),
            Problem::MustFindMissed { question, found: Some(found) } => {
                format!("「{question}」で見つかるのは「{found}」です。")
            }
            Problem::MustFindMissed { question, found: None } => format!("「{question}」では何も見つかりません。"),
            Problem::Shadowed { by } => format!("この質問そのもので聞いても、「{by}」が先に見つかります。"),
            Problem::PatternUnused { pattern } => format!("「{pattern}」は、この項目のどの言い回しにも当てはまりません。"),
            Problem::PatternTakesOther { pattern, wording, owner } => {
                format!("「{pattern}」は、「{owner}」の言い回し「{wording}」にも当てはまります。")
            }
            Problem::CareUncaught { wording } => format!("「{wording}」は、careの項目として見つかりません。"),
            Problem::CareFalse { wording } => format!("「{wording}」が、心配のない文なのに care になります。"),
            Problem::NoCare => "つらい人への案内（kind: care）がありません。同梱の項目を使います。".into(),
        }
    }

    fn message_en(&self) -> String {
        match self {
            Problem::Unreadable { detail } => format!("the file cannot be read: {detail}"),
            Problem::NotUtf8 => "the file is not UTF-8".into(),
            Problem::Bom => "the file begins with an invisible byte order mark".into(),
            Problem::TooLarge { bytes, limit } => format!("the file is too large ({bytes} bytes, at most {limit})"),
            Problem::Nul => "there is an invisible NUL character".into(),
            Problem::EmptyFile => "there is nothing in this file".into(),
            Problem::Syntax { detail } => format!("this is not valid YAML ({detail})"),
            Problem::Tab => "there is a tab character".into(),
            Problem::FullWidthColon => "this colon is full-width".into(),
            Problem::FullWidthSpace => "this line is indented with a full-width space".into(),
            Problem::Alias => "anchors and aliases (& and *) cannot be used".into(),
            Problem::Tag => "tags (!) cannot be used".into(),
            Problem::SecondDocument => "`---` begins a second document".into(),
            Problem::TooDeep => "this is nested too deeply".into(),
            Problem::TooManyValues => "there are too many values".into(),
            Problem::KeyIsNoText => "a field's name must be text".into(),
            Problem::DuplicateKey { key } => format!("`{key}` is written twice"),
            Problem::UnknownField { field, .. } => format!("there is no field `{field}`"),
            Problem::MissingField { field } => format!("`{field}` is missing"),
            Problem::Empty { field } => format!("`{field}` has no value"),
            Problem::WrongType { field, expected, found } => {
                format!("`{field}` needs {}, but this is {}", expected.name(Lang::En), found.name(Lang::En))
            }
            Problem::NotOneOf { value, .. } => format!("`{value}` is not possible here"),
            Problem::UnknownFormat { found } => format!("this version cannot read format: {found}"),
            Problem::BadId { id } => format!("`{id}` cannot be an id"),
            Problem::DuplicateId { id, first } => format!("the id `{id}` is already used at {first}"),
            Problem::DuplicateTopic { id, first } => format!("the topic `{id}` is already used at {first}"),
            Problem::DuplicateWording { owner, first, .. } => {
                format!("entry `{owner}` has the same wording ({first})")
            }
            Problem::NoLanguage => "there is no text in any language".into(),
            Problem::MissingLanguage { lang } => format!("there is no text in {}", lang.name()),
            Problem::TooLong { units, limit } => format!("this is too long ({units} characters, at most {limit})"),
            Problem::BadPattern { detail } => format!("this regular expression cannot be used: {detail}"),
            Problem::TooManyPatterns { limit } => format!("there are too many patterns (at most {limit} in the whole FAQ)"),
            Problem::BadUrl { url } => format!("`{url}` is not an https address"),
            Problem::BadDate { text } => format!("`{text}` is not a date"),
            Problem::UnknownEntry { field, id, .. } => format!("`{field}` names `{id}`, which does not exist"),
            Problem::NoLink => "there is no link".into(),
            Problem::CareWithoutPattern => "a care entry without patterns is never found".into(),
            Problem::DuplicateForm { form, owner } => format!("`{form}` also stands in `{owner}`"),
            Problem::BadName { name } => format!("`{name}` cannot be a name"),
            Problem::MustFindMissed { question, found: Some(found) } => format!("`{question}` finds `{found}`"),
            Problem::MustFindMissed { question, found: None } => format!("`{question}` finds nothing"),
            Problem::Shadowed { by } => format!("even this very question finds `{by}` first"),
            Problem::PatternUnused { pattern } => format!("`{pattern}` matches none of this entry's wordings"),
            Problem::PatternTakesOther { pattern, wording, owner } => {
                format!("`{pattern}` also matches `{wording}`, a wording of `{owner}`")
            }
            Problem::CareUncaught { wording } => format!("`{wording}` is not recognised as a matter of care"),
            Problem::CareFalse { wording } => format!("`{wording}` is taken for a matter of care, but is none"),
            Problem::NoCare => "there is no entry of `kind: care` for people in need; the shipped ones are used".into(),
        }
    }

    fn remedy_ja(&self) -> String {
        match self {
            Problem::Unreadable { .. } => "ファイルの権限と場所を確かめてください。".into(),
            Problem::NotUtf8 => "エディタで「UTF-8」を選んで保存し直してください。".into(),
            Problem::Bom => "このままでも読めます。気になるときは「UTF-8（BOMなし）」で保存してください。".into(),
            Problem::TooLarge { .. } => "話題ごとにファイルを分けてください。".into(),
            Problem::Nul => "この文字を消してください。テキストとして保存し直すと消えることがあります。".into(),
            Problem::EmptyFile => "format, topic, title, entries を書くか、ファイルを消してください。".into(),
            Problem::Syntax { .. } => {
                "字下げと引用符を確かめてください。「: 」「 #」を含む文や、[ * & ! で始まる文は \"…\" で囲みます。".into()
            }
            Problem::Tab => "半角スペースに置き換えてください。".into(),
            Problem::FullWidthSpace => "半角の空白に置き換えてください。".into(),
            Problem::FullWidthColon => "半角の「: 」（後ろに空白）にしてください。".into(),
            Problem::Alias => "同じ内容をもう一度書いてください。文の先頭の & や * は \"…\" で囲めば使えます。".into(),
            Problem::Tag => "文の先頭の ! は \"…\" で囲めば使えます。".into(),
            Problem::SecondDocument => "「---」を消すか、別のファイルに分けてください。".into(),
            Problem::TooDeep => "字下げを見直してください。".into(),
            Problem::TooManyValues => "ファイルを分けてください。".into(),
            Problem::KeyIsNoText => "「名前: 値」の形にしてください。".into(),
            Problem::DuplicateKey { .. } => "どちらか一つを残してください。".into(),
            Problem::UnknownField { suggestion, .. } => suggested_ja(
                suggestion.as_deref(),
                "この項目を消してください。{ } の中なら、一行に一つの形に書き直してください。",
            ),
            Problem::MissingField { field } => format!("「{field}: …」を書き足してください。"),
            Problem::Empty { field } => format!("「{field}: 」の後ろに書くか、この行を消してください。"),
            Problem::WrongType { expected: Expected::List, .. } => "一行に一つ、「- 」で始めて書いてください。".into(),
            Problem::WrongType { expected: Expected::TextOrLanguages, .. } => {
                "次の行に、二文字下げて「ja: …」「en: …」と書いてください。".into()
            }
            Problem::WrongType { expected, .. } => format!("{}を書いてください。", expected.name(Lang::Ja)),
            Problem::NotOneOf { allowed, .. } => format!("{} のどれかにしてください。", allowed.join("、")),
            Problem::UnknownFormat { .. } => "「format: 1」と書くか、ボットを新しくしてください。".into(),
            Problem::BadId { .. } => "半角の英小文字・数字・ハイフンだけで、48文字までにしてください。".into(),
            Problem::DuplicateId { .. } | Problem::DuplicateTopic { .. } => "別の名前にしてください。".into(),
            Problem::DuplicateWording { wording, .. } => {
                format!("どちらかの「{wording}」を、その項目だけの聞き方に変えてください。")
            }
            Problem::NoLanguage => "「ja: …」か「en: …」を書いてください。".into(),
            Problem::MissingLanguage { lang } => format!("「{}: …」を書き足すと、その言語でも答えられます。", lang.code()),
            Problem::TooLong { .. } => "短くするか、項目を二つに分けてください。".into(),
            Problem::BadPattern { .. } => {
                "記号 ( ) [ ] * + ? . の前に \\ を置くか、also_asked にふつうの言い回しで書いてください。".into()
            }
            Problem::TooManyPatterns { .. } => "いくつかを「|」で一つにまとめてください。".into(),
            Problem::BadUrl { .. } => "https:// で始まるアドレスを、空白なしで書いてください。".into(),
            Problem::BadDate { .. } => "2026-11-22 のように書いてください。".into(),
            Problem::UnknownEntry { suggestion, .. } => suggested_ja(suggestion.as_deref(), "id を確かめてください。"),
            Problem::NoLink => "links に、詳しく読めるページを足してください。".into(),
            Problem::CareWithoutPattern => "patterns に、見つけたい言葉を書いてください。".into(),
            Problem::DuplicateForm { .. } => "意味の近いほうだけに残してください。".into(),
            Problem::BadName { .. } => "半角の英小文字・数字・ハイフンだけにしてください。".into(),
            Problem::MustFindMissed { .. } => "この項目の also_asked に、近い言い回しを足してください。".into(),
            Problem::Shadowed { .. } => "二つの質問の言葉を、もっと違うものにしてください。".into(),
            Problem::PatternUnused { .. } => {
                "patterns は、全角を半角に、大文字を小文字にした文に当てます。書き直すか、消してください。".into()
            }
            Problem::PatternTakesOther { .. } => "もっと狭い式にしてください。".into(),
            Problem::CareUncaught { .. } => "patterns か、似た言い回しを足してください。".into(),
            Problem::CareFalse { .. } => "patterns を狭くするか、似た文を not_about に足してください。".into(),
            Problem::NoCare => "medse-bot init で作られる care.yaml を置いてください。".into(),
        }
    }

    fn remedy_en(&self) -> String {
        match self {
            Problem::Unreadable { .. } => "check where the file is and who may read it".into(),
            Problem::NotUtf8 => "choose \"UTF-8\" in the editor and save again".into(),
            Problem::Bom => "it works as it is; saving as \"UTF-8 without BOM\" removes it".into(),
            Problem::TooLarge { .. } => "make one file a topic".into(),
            Problem::Nul => "remove the character; saving again as plain text may do it".into(),
            Problem::EmptyFile => "write format, topic, title and entries, or delete the file".into(),
            Problem::Syntax { .. } => {
                "check indentation and quotes; text with `: ` or ` #`, or beginning with [ * & !, goes in \"…\"".into()
            }
            Problem::Tab => "use spaces instead".into(),
            Problem::FullWidthSpace => "use ordinary spaces".into(),
            Problem::FullWidthColon => "use `: ` with a space behind it".into(),
            Problem::Alias => "write the same thing again; a leading & or * is possible inside \"…\"".into(),
            Problem::Tag => "a leading ! is possible inside \"…\"".into(),
            Problem::SecondDocument => "remove the `---`, or make it a file of its own".into(),
            Problem::TooDeep => "check the indentation".into(),
            Problem::TooManyValues => "split the file".into(),
            Problem::KeyIsNoText => "write `name: value`".into(),
            Problem::DuplicateKey { .. } => "keep one of them".into(),
            Problem::UnknownField { suggestion, .. } => {
                suggested_en(suggestion.as_deref(), "remove it; inside { } a comma begins a new field: write one a line instead")
            }
            Problem::MissingField { field } => format!("add `{field}: …`"),
            Problem::Empty { field } => format!("write something behind `{field}: `, or remove the line"),
            Problem::WrongType { expected: Expected::List, .. } => "write one item a line, each beginning with `- `".into(),
            Problem::WrongType { expected: Expected::TextOrLanguages, .. } => {
                "write `ja: …` and `en: …` on the next lines, indented by two spaces".into()
            }
            Problem::WrongType { expected, .. } => format!("write {}", expected.name(Lang::En)),
            Problem::NotOneOf { allowed, .. } => format!("write one of: {}", allowed.join(", ")),
            Problem::UnknownFormat { .. } => "write `format: 1`, or update the bot".into(),
            Problem::BadId { .. } => "use a-z, 0-9 and hyphens only, at most 48 of them".into(),
            Problem::DuplicateId { .. } | Problem::DuplicateTopic { .. } => "choose another name".into(),
            Problem::DuplicateWording { wording, .. } => format!("make one `{wording}` a way of asking for its own entry only"),
            Problem::NoLanguage => "write `ja: …` or `en: …`".into(),
            Problem::MissingLanguage { lang } => format!("with `{}: …` it is answered in that language too", lang.code()),
            Problem::TooLong { .. } => "shorten it, or make two entries of it".into(),
            Problem::BadPattern { .. } => "put \\ before ( ) [ ] * + ? . or write a plain wording in also_asked instead".into(),
            Problem::TooManyPatterns { .. } => "join some of them with `|`".into(),
            Problem::BadUrl { .. } => "write an address that begins with https:// and has no spaces".into(),
            Problem::BadDate { .. } => "write it as 2026-11-22".into(),
            Problem::UnknownEntry { suggestion, .. } => suggested_en(suggestion.as_deref(), "check the id"),
            Problem::NoLink => "add a page to read on under `links`".into(),
            Problem::CareWithoutPattern => "write the words that should find it under `patterns`".into(),
            Problem::DuplicateForm { .. } => "keep it where its meaning is nearer".into(),
            Problem::BadName { .. } => "use a-z, 0-9 and hyphens only".into(),
            Problem::MustFindMissed { .. } => "add a similar wording to this entry's also_asked".into(),
            Problem::Shadowed { .. } => "make the words of the two questions differ more".into(),
            Problem::PatternUnused { .. } => "patterns see the text in half-width lower case; rewrite or remove it".into(),
            Problem::PatternTakesOther { .. } => "make it narrower".into(),
            Problem::CareUncaught { .. } => "add a pattern or more wordings like it".into(),
            Problem::CareFalse { .. } => "narrow the patterns, or add more like it to not_about".into(),
            Problem::NoCare => "put the care.yaml there that `medse-bot init` makes".into(),
        }
    }
}

fn suggested_ja(suggestion: Option<&str>, otherwise: &str) -> String {
    suggestion.map_or_else(|| otherwise.to_owned(), |name| format!("「{name}」のことですか？"))
}

fn suggested_en(suggestion: Option<&str>, otherwise: &str) -> String {
    suggestion.map_or_else(|| otherwise.to_owned(), |name| format!("did you mean `{name}`?"))
}
