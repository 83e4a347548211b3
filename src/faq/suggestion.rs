//! What somebody probably meant by a name, an id, a date or an address that cannot be used as it stands.
//!
//! What is said about it is left to the sentences of each language.

use time::Date;
use unicode_normalization::UnicodeNormalization;

use super::EntryId;
use super::load::{is_https, parse_date};

/// The field that a name in Japanese, or of a language, stands for.
pub fn translated(name: &str) -> Option<&'static str> {
    let names: [(&str, &[&str]); 13] = [
        ("question", &["質問", "問い"]),
        ("answer", &["答え", "回答", "答"]),
        ("also_asked", &["ほかの聞き方", "他の聞き方", "言い回し", "別の聞き方"]),
        ("keywords", &["キーワード", "言葉"]),
        ("links", &["リンク"]),
        ("title", &["題", "題名", "見出し", "タイトル"]),
        ("label", &["ラベル"]),
        ("source", &["出典"]),
        ("reviewed", &["確認", "確認日"]),
        ("topic", &["話題"]),
        ("entries", &["項目"]),
        ("ja", &["日本語", "jp", "jpn", "japanese"]),
        ("en", &["英語", "eng", "us", "english"]),
    ];
    let lower = name.trim().to_lowercase();
    names.into_iter().find(|(_, others)| others.contains(&lower.as_str())).map(|(field, _)| field)
}

/// The name most like a misspelt one, if any is like it at all.
pub fn nearest<'n>(misspelt: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    /// Below this two names have little in common (Jaro–Winkler; clap suggests from 0.7 on too).
    const ALIKE: f64 = 0.7;
    names
        .map(|name| (strsim::jaro_winkler(misspelt, name), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(one, name), (other, other_name)| one.total_cmp(other).then(other_name.cmp(name)))
        .map(|(_, name)| name.to_owned())
}

/// Year, month and day of a date written in another way, year first: 2026年1月5日, ２０２６/１/５. As it should be written.
pub fn date(text: &str) -> Option<String> {
    let digits: String = text.nfkc().map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
    let numbers: Vec<u32> = digits.split_whitespace().map_while(|number| number.parse().ok()).collect();
    let &[year @ 2000..=2999, month, day] = numbers.as_slice() else { return None };
    parse_date(&format!("{year}-{month:02}-{day:02}")).ok().as_ref().map(Date::to_string)
}

/// Whether of two files with the same in them this is the one that was copied: who copies a file gets its name with something more, and
/// 「夜勤 - コピー.yaml」 comes before 「夜勤.yaml」.
pub fn is_original(name: &str, other: &str) -> bool {
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    stem(name) != stem(other) && stem(other).contains(&stem(name))
}

/// The address that a link without https, or in full-width letters, leads to.
pub fn address(text: &str) -> Option<String> {
    let text: String = text.nfkc().collect();
    let bare = text.trim();
    let bare = ["https://", "http://", "//"].iter().find_map(|scheme| bare.strip_prefix(scheme)).unwrap_or(bare);
    Some(format!("https://{bare}")).filter(|address| is_https(address))
}

/// A name of the allowed letters: `Night_Shift` becomes `night-shift`. `None` where nothing of it is left.
pub fn id(text: &str) -> Option<String> {
    let letters = text.nfkc().flat_map(char::to_lowercase).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let letters: String = letters.collect();
    let words: Vec<&str> = letters.split('-').filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(EntryId::MAX_LENGTH).collect();
    EntryId::new(&name).map(|id| id.to_string())
}
