//! What may be stored of a question: all of it, or nothing where anything in it could say who somebody is. Pure.
//!
//! It errs on the side of nothing: a text lost is one wording fewer to learn from. Word lists stand in `names.rs`. Known flaws: a name
//! without a title that is not among the common surnames is not seen, nor is an employer named without 病院, 株式会社 or the like, nor a
//! hospital's name in hiragana that ends like an inflected word (さくら病院).

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::names::{self, is_generic, is_in};
use crate::faq::one_line;

/// In characters: what is longer is a story, not a question.
pub const LONGEST: usize = 500;

/// The text with its whitespace evened, cut at [`LONGEST`] characters; `None` where anything personal had to be masked, or nothing is there.
pub fn storable(text: &str) -> Option<String> {
    let evened = one_line(text);
    let folded = folded(&evened);
    let is_personal = PATTERNS.is_match(&folded)
        || has_number(&folded)
        || names::SURNAMES.is_match(&folded)
        || has_titled_name(&folded)
        || has_organisation(&folded)
        || has_english_name(&folded);
    (!is_personal && !evened.is_empty()).then(|| evened.chars().take(LONGEST).collect())
}

/// One spelling for full and half width; characters nobody sees must not hide a name.
fn folded(text: &str) -> String {
    let is_seen = |c: &char| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    text.nfkc().filter(is_seen).collect()
}

fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant expression")
}

/// What is personal wherever it stands.
static PATTERNS: LazyLock<Regex> = LazyLock::new(|| {
    let alternatives = [
        // Mentions and e-mail addresses, then addresses of pages.
        r"<[@#]|@[\p{L}\p{N}_]",
        r"(?i)https?:|\bwww\.|\bdiscord\.gg|\b[a-z0-9-]{2,}\.(?:com|jp|org|info|io|gg|me)(?:\b|/)",
        // Phone numbers however they are set.
        r"(?:\+\d|\b0\d)[\d\s().-]{6,}\d",
        // Where somebody lives, and what lets others in.
        r"〒|\d\s*丁目|番地|(?i:password|passwd|パスワード)\s*(?:is|は|:|=)\s*[!-~]",
        // Patients.
        r"患者の?(?:ID|id|番号|氏名|名は)|カルテ番号|診察券番号|被?保険者番号|保険証番号|生年月日|生まれ",
        r"[0-9〇一二三四五六七八九十百]\s*(?:歳|才)(?:代)?(?:の)?.{0,6}(?:患者|男性|女性|男児|女児)",
        r"\bMRN\b|(?i:\b(?:medical record number|patient'?s? (?:id|number|name)|date of birth|dob)\b|\bborn (?:on|in)\b)",
        r"(?i)\b\d{1,3}[ -]?(?:years?[ -]old|yo\b|y/o).{0,12}(?:patient|m[ae]n|woman|male|female|boy|girl)",
        // Who introduces themselves.
        r"と(?:申し|もうし)|(?i:\bmy name(?:'s| is)\b|\bcall me \p{L}|\bnamed \p{L})",
        r"(?:名前|氏名|本名)は\s*[\p{Katakana}A-Za-z]|(?:名前|氏名|本名)は\s*[\p{Han}々]{2,}(?:です|だ|といい|と言い)",
        // Titles before a name, and the polite endings after one in Latin letters.
        r"\b[Mm]rs?\s*\.\s*\p{L}|\b(?:[Mm]rs?|Ms|Miss|Prof)\.?\s+\p{L}|\bMs\s*\.\s*\p{L}",
        r"\b(?:[Dd]r|[Pp]rofessor|Doctor)(?:\.\s*|\s+)[\p{Lu}\p{Han}\p{Katakana}]|\bDr\.?[\p{Han}\p{Katakana}]|ドクター[\p{Han}]",
        r"(?i:\b\p{L}+-(?:san|sensei|sama|kun|chan)\b)|\b\p{L}+ (?:san|sensei|sama)\b",
    ];
    constant(&alternatives.map(|alternative| format!("(?:{alternative})")).join("|"))
});

/// Four digits or more, also in groups, that are neither years nor a range.
fn has_number(text: &str) -> bool {
    static RUN: LazyLock<Regex> = LazyLock::new(|| constant(r"\d(?:[-‐–—―−ー.]?\d)*"));
    static YEARS: LazyLock<Regex> = LazyLock::new(|| constant(r"^(?:19|20)\d\d(?:[-‐–—―−ー](?:19|20)\d\d)?$"));
    static RANGE: LazyLock<Regex> = LazyLock::new(|| constant(r"^\d{1,2}[-‐–—―−ー]\d{1,2}$"));
    static DECIMAL: LazyLock<Regex> = LazyLock::new(|| constant(r"^\d{1,3}\.\d{1,2}$"));
    static UNIT: LazyLock<Regex> = LazyLock::new(|| {
        constant(
            r"^\s*(?:[年代人歳才万名時分日月件台回割倍床社%]|か月|ヶ月|カ月|years?|people|hours?|days?|months?|minutes?|beds?|percent)",
        )
    });
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| constant(r"[〇零一二三四五六七八九]{7,}"));
    let is_telling = |found: regex::Match<'_>| {
        let (before, after) = (text.get(..found.start()).unwrap_or(""), text.get(found.end()..).unwrap_or(""));
        let digits = found.as_str().chars().filter(char::is_ascii_digit).count();
        let stands_alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || "-#_".contains(c))
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || "_".contains(c));
        let is_harmless = (YEARS.is_match(found.as_str()) && stands_alone)
            || (RANGE.is_match(found.as_str()) && UNIT.is_match(after))
            // Amounts and versions: 129.5, 1.12.25.
            || DECIMAL.is_match(found.as_str())
            || (found.as_str().contains('.') && found.as_str().split('.').all(|part| part.len() < 3) && digits < 7);
        digits >= 4 && !is_harmless
    };
    RUN.find_iter(text).any(is_telling) || WRITTEN.is_match(text)
}

/// What kind of letters a name may be written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Kanji,
    Katakana,
    Latin,
    Hiragana,
    Other,
}

fn script(c: char) -> Script {
    match c {
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' | '〆' | 'ヶ' => Script::Kanji,
        '\u{30a1}'..='\u{30fa}' | 'ー' => Script::Katakana,
        '\u{3041}'..='\u{309f}' => Script::Hiragana,
        _ if c.is_alphabetic() => Script::Latin,
        _ => Script::Other,
    }
}

/// The letters of one script that a text ends with, one space before the end allowed.
fn last_run(text: &str) -> (Script, &str) {
    let text = text.strip_suffix(' ').unwrap_or(text);
    let of_last = text.chars().next_back().map_or(Script::Other, script);
    let rest = text.trim_end_matches(|c| script(c) == of_last);
    (of_last, text.strip_prefix(rest).unwrap_or(""))
}

/// 田中さん, but not 患者さん; タロウくん, but not 聞くんですか.
fn has_titled_name(text: &str) -> bool {
    static TITLE: LazyLock<Regex> = LazyLock::new(|| constant("さん|さま|様|氏|先生|くん|君|ちゃん|殿"));
    TITLE.find_iter(text).any(|title| {
        let (before, after) = (text.get(..title.start()).unwrap_or(""), text.get(title.end()..).unwrap_or(""));
        let (script, run) = last_run(before);
        let follows = |characters: &str| after.starts_with(|c| characters.contains(c));
        match (title.as_str(), script) {
            (_, Script::Other) => false,
            ("様", _) if follows("々子式相態") => false,
            ("氏", _) if follows("名族") => false,
            ("殿", _) if follows("堂下") => false,
            ("さま", _) if follows("ざ") => false,
            ("様", Script::Hiragana) if follows("なにでだ") && run.ends_with(['の', 'る', 'た', 'い']) => false,
            ("くん", Script::Kanji) if follows("でだじ") && run.chars().next_back().is_some_and(|c| names::VERBS.contains(c)) => {
                false
            }
            ("くん", Script::Hiragana) if follows("でだじれ") => false,
            ("くん", Script::Kanji) if is_in("聞 行 書 働 続 届 置 引 開 動 着", run) => false,
            ("ちゃん", Script::Hiragana)
                if follows("と") && run.ends_with(['は', 'が', 'を', 'に', 'も', 'で', 'と', 'ら', 'て']) =>
            {
                false
            }
            ("氏" | "殿" | "君", Script::Hiragana) => false,
            ("先生", Script::Hiragana) => !is_inflection(before, run),
            (_, Script::Hiragana) if run.chars().count() == 1 => false,
            (_, Script::Hiragana) => !names::SPELT_ROLES.split_whitespace().any(|role| run.ends_with(role)),
            ("様", Script::Kanji) if is_in(names::BEFORE_MANNER, run) || run.ends_with(['仕', '同', '模']) => false,
            ("氏", Script::Kanji) if ["彼", "同", "両", "某", "諸", "各"].contains(&run) => false,
            ("殿", Script::Kanji) if ["貴", "宮", "神", "御"].contains(&run) => false,
            (_, Script::Latin) => !is_in(names::ABBREVIATIONS, &run.to_uppercase()),
            (_, Script::Kanji) if run.chars().count() == 1 => !names::SINGLE.contains(run),
            (_, Script::Kanji | Script::Katakana) => !is_generic(run),
        }
    })
}

/// Hiragana that ends a word written before it, or joins words: 若い先生, 病院の先生; not やまだ先生.
fn is_inflection(before: &str, run: &str) -> bool {
    let stem = before.trim_end().strip_suffix(run).and_then(|stem| stem.chars().next_back());
    stem.is_some_and(|c| script(c) != Script::Other) || run.chars().count() == 1 || is_in(names::JOINING, run)
}

/// 聖路加病院, 株式会社みらい, 京都大学; not 大学病院, 株式会社の病院.
fn has_organisation(text: &str) -> bool {
    static KIND: LazyLock<Regex> = LazyLock::new(|| {
        constant(
            "病院|医療センター|医療センタ|クリニック|医院|診療所|医科大学|医大|大学|専門学校|高校|株式会社|有限会社|合同会社|(?:医療|社会福祉|学校)法人|\\(株\\)|\\(有\\)|厚生会|記念会",
        )
    });
    static LEADING: LazyLock<Regex> =
        LazyLock::new(|| constant("^(?:株式会社|有限会社|合同会社|(?:医療|社会福祉|学校)法人|\\(株\\)|\\(有\\))$"));
    KIND.find_iter(text).any(|kind| {
        let (before, after) = (text.get(..kind.start()).unwrap_or(""), text.get(kind.end()..).unwrap_or(""));
        let is_named_before = {
            let run = words_before(before);
            let (script, spelt) = last_run(before);
            match script {
                Script::Other => false,
                Script::Hiragana => {
                    !before.ends_with(|c| names::PARTICLE_OR_INFLECTION.contains(c))
                        && !names::SPELT_KINDS.split_whitespace().any(|kind| spelt.ends_with(kind))
                }
                Script::Kanji | Script::Katakana | Script::Latin => !is_generic(run),
            }
        };
        is_named_before || (LEADING.is_match(kind.as_str()) && is_named_after(after))
    })
}

/// Kanji, katakana, Latin letters and digits that a text ends with.
fn words_before(text: &str) -> &str {
    let is_word =
        |c: char| matches!(script(c), Script::Kanji | Script::Katakana | Script::Latin) || c.is_ascii_digit() || c == '・';
    let rest = text.trim_end_matches(is_word);
    text.strip_prefix(rest).unwrap_or("")
}

/// Whether what follows 株式会社 is its name.
fn is_named_after(after: &str) -> bool {
    let after = after.strip_prefix(' ').unwrap_or(after);
    let Some(first) = after.chars().next() else { return false };
    match script(first) {
        Script::Other => matches!(first, '「' | '『' | '"'),
        Script::Hiragana => !names::AFTER_A_KIND.contains(first),
        of_first => {
            let rest = after.trim_start_matches(|c| script(c) == of_first);
            !is_generic(after.strip_suffix(rest).unwrap_or(""))
        }
    }
}

/// St. Luke's Hospital, Kyoto University, I'm Taro; not a university hospital, I'm Japanese.
fn has_english_name(text: &str) -> bool {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| {
        constant(
            r"([\p{L}\p{N}.'’&-]+)\s+(?i:hospitals?|clinics?|medical cent(?:er|re)s?|universit(?:y|ies)|colleges?|inc|corp|corporation|ltd|llc|gmbh)\b",
        )
    });
    static OF: LazyLock<Regex> =
        LazyLock::new(|| constant(r"(?i:university|college|hospital|institute) of ([\p{L}]+)|\b[Ss]t\.?\s+\p{Lu}"));
    static INTRODUCTION: LazyLock<Regex> = LazyLock::new(|| constant(r"\b(?:I am|I'm|I’m|[Tt]his is)\s+(\p{Lu}\p{Ll}+)"));
    let is_name = |word: &str| {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let is_capital = word.chars().next().is_some_and(char::is_uppercase);
        let is_possessive = word.contains("'s") || word.contains('’');
        (is_capital || is_possessive) && !is_in(names::ENGLISH_GENERIC, &plain)
    };
    let named = |pattern: &Regex| pattern.captures_iter(text).any(|found| found.get(1).is_none_or(|word| is_name(word.as_str())));
    named(&PLACE) || named(&OF) || named(&INTRODUCTION)
}
