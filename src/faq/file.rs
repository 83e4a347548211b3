//! The two kinds of FAQ file as moderators write them, and their JSON Schema for editors.
//!
//! The descriptions are Japanese because moderators read them in their editor. What the values may say is checked in `load.rs`.

use std::collections::BTreeMap;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Deserialize;

use super::load::MAX_URL_UNITS;
use super::{Kind, Lang, Localized};

/// What an editor can tell of a value while it is typed; the loader's own checks are stricter.
const NAME: &str = "^[a-z0-9-]{1,48}$";
const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
const ADDRESS: &str = "^https://[^ ]+$";

/// One topic with its entries.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "medse-bot FAQ", description = "FAQの一つの話題。")]
pub struct TopicFile {
    #[expect(dead_code, reason = "checked as text, so that another format is refused before its fields are")]
    #[schemars(extend("const" = 1), description = "形式の版。いまは 1。")]
    pub format: u32,
    #[schemars(regex(pattern = NAME), description = "話題の名前。半角の英小文字・数字・ハイフン。")]
    pub topic: String,
    #[schemars(description = "話題の見出し。")]
    pub title: Text,
    #[expect(dead_code, reason = "entries are read one by one, so that a faulty one does not take the others with it")]
    #[serde(default)]
    #[schemars(required, description = "質問と答え。")]
    pub entries: Vec<EntryFile>,
}

/// A text in the FAQ's default language, or in each language.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(description = "文字をそのまま書くと、既定の言語の文になります。")]
pub enum Text {
    Plain(String),
    Each(Localized),
}

impl Text {
    pub fn localized(self, default: Lang) -> Localized {
        match self {
            Text::Plain(text) => Localized::only(default, text),
            Text::Each(localized) => localized,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "一つの質問と答え。")]
pub struct EntryFile {
    #[schemars(regex(pattern = NAME), description = "変わらない名前。半角の英小文字・数字・ハイフン、48文字まで。")]
    pub id: String,
    #[schemars(description = "表示される質問文。")]
    pub question: Text,
    #[serde(default)]
    #[schemars(with = "Text", description = "「あわせて読む」などで使う短い言い方。全角18文字まで。")]
    pub label: Option<Text>,
    #[serde(default)]
    #[schemars(description = "ほかの聞き方。一行に一つ。言語は混ざっていてかまいません。")]
    pub also_asked: Vec<String>,
    #[serde(default)]
    #[schemars(description = "この項目らしい言葉。")]
    pub keywords: Vec<String>,
    #[schemars(description = "答え。言語ごとに1,900文字まで。")]
    pub answer: Text,
    #[serde(default)]
    #[schemars(description = "詳しく読めるページ。")]
    pub links: Vec<LinkFile>,
    #[serde(default)]
    #[schemars(description = "あわせて読みたい項目の id。")]
    pub related: Vec<String>,
    #[serde(default)]
    #[schemars(description = "以前の id。名前を変えたときに書きます。")]
    pub formerly: Vec<String>,
    #[serde(default)]
    #[schemars(description = "この項目が見つかるはずの質問。check が確かめます。検索には使いません。")]
    pub must_find: Vec<String>,
    #[serde(default)]
    #[schemars(
        description = "当てはまれば必ずこの項目になる正規表現。半角・小文字にし、日本語の間の空白を除いた文に当てます。「…」は同じ文の中の何でも、\\b は英単語の端です。"
    )]
    pub patterns: Vec<String>,
    #[serde(default)]
    #[schemars(description = "質問にあれば、この項目ではないと分かる言葉。care の項目では、似ているけれど心配のない文の例。")]
    pub not_about: Vec<String>,
    #[serde(default)]
    #[schemars(with = "Text", description = "答えの出典。")]
    pub source: Option<Text>,
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = DAY), description = "最後に内容を確かめた日。例：2026-11-22")]
    pub reviewed: Option<String>,
    #[serde(default)]
    #[schemars(description = "項目の種類。ふつうは書きません。")]
    pub kind: Kind,
    #[serde(default)]
    #[schemars(description = "true なら下書き。使われません。")]
    pub draft: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "リンク。")]
pub struct LinkFile {
    #[schemars(description = "ページの名前。")]
    pub title: Text,
    #[schemars(regex(pattern = ADDRESS), length(max = MAX_URL_UNITS), description = "https:// で始まるアドレス。")]
    pub url: String,
}

/// The words the bot knows, whatever the entries say.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "medse-bot vocabulary", description = "ボットが知っている言葉。")]
pub struct VocabularyFile {
    #[expect(dead_code, reason = "checked as text, so that another format is refused before its fields are")]
    #[schemars(extend("const" = 1), description = "形式の版。いまは 1。")]
    pub format: u32,
    #[serde(default)]
    #[schemars(description = "同じ意味の言葉の組。例：night: [夜間, 夜中]")]
    pub concepts: Groups,
    #[serde(default)]
    #[schemars(description = "どの話題にも出てくる、弱い言葉の組。")]
    pub generic: Groups,
    #[serde(default)]
    #[schemars(description = "聞き方を表す言葉の組。なぜ、どうやって、など。")]
    pub cues: Groups,
    #[serde(default)]
    #[schemars(description = "FAQの外の話題の組。項目がこの言葉を扱っていなければ、点が半分になります。")]
    pub blockers: Groups,
    #[serde(default)]
    #[schemars(description = "読み飛ばす言い回し。")]
    pub stop_phrases: Vec<String>,
    #[serde(default)]
    #[schemars(description = "読み飛ばす英単語。")]
    pub stop_words: Vec<String>,
    #[serde(default)]
    #[schemars(description = "返事のいらない言葉。")]
    pub chatter: ChatterFile,
    #[serde(default)]
    #[schemars(description = "careの言葉に似ているが心配のない言い方の正規表現。care の patterns の前に取り除きます。")]
    pub harmless: Vec<String>,
}

/// A group's name and its forms.
pub type Groups = BTreeMap<String, Vec<String>>;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChatterFile {
    #[schemars(description = "お礼。")]
    pub thanks: Vec<String>,
    #[schemars(description = "あいさつ。")]
    pub greetings: Vec<String>,
    #[schemars(description = "相づち。")]
    pub acknowledgements: Vec<String>,
    #[schemars(description = "答えが違うという返事。")]
    pub corrections: Vec<String>,
    #[schemars(description = "質問の印になる言葉。")]
    pub asking: Vec<String>,
    #[schemars(description = "ここで終わる文は、質問ではなく感想や報告です。")]
    pub statement_endings: Vec<String>,
    #[schemars(description = "ここで始まる文は、質問の印がなければ感想や報告です。")]
    pub statement_openings: Vec<String>,
}

/// The JSON Schema of a topic file, for editors that complete and check while typing.
pub fn schema() -> serde_json::Value {
    schema_of::<TopicFile>()
}

/// The JSON Schema of `vocabulary.yaml`.
pub fn vocabulary_schema() -> serde_json::Value {
    schema_of::<VocabularyFile>()
}

/// The JSON Schema of a kind of file.
pub fn schema_of<T: JsonSchema>() -> serde_json::Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}
