//! What `diff` says: what differs, what was taken, and why something was not.

use std::path::Path;

use super::{chain, many, say};
use crate::faq::Lang;
use crate::faq::compare::Standing;
use crate::knowledge::Unwritten;

/// There is no folder to compare.
pub fn nothing_to_compare(lang: Lang) -> String {
    let ja = "比べるFAQのフォルダーがありません。`medse-bot init` で同梱のFAQの写しができます。";
    say(lang, ja, "there is no FAQ folder to compare; `medse-bot init` makes a copy of the shipped FAQ")
}

/// A file is no YAML.
pub fn unreadable(file: &str, lang: Lang) -> String {
    let ja = format!("「{file}」を読めません。`medse-bot check` で理由が分かります。");
    say(lang, ja, format!("`{file}` cannot be read; `medse-bot check` says why"))
}

/// What was copied from the shipped FAQ is no longer known.
pub fn broken_base(file: &Path, lang: Lang) -> String {
    let file = file.display();
    let ja = format!(
        "「{file}」が壊れています。消すと、手元の項目はどれも、自分で書きかえたものとして比べられます。項目は失われません"
    );
    say(
        lang,
        ja,
        format!("`{file}` is broken; delete it, and every entry is compared as if you had changed it: no entry is lost"),
    )
}

/// One cannot do both.
pub fn taken_and_left(id: &str, lang: Lang) -> String {
    let ja = format!("「{id}」を --take と --leave の両方に書くことはできません。");
    say(lang, ja, format!("`{id}` cannot be both taken and left"))
}

/// The first line of a comparison, and how to read it.
pub fn compared(different: usize, same: usize, lang: Lang) -> String {
    let ja = format!("同梱のFAQと違う項目 {different}、同じ項目 {same}（- 手元、+ 同梱）");
    let (different, same) = (many(different, "entry differs", "entries differ"), many(same, "is the same", "are the same"));
    say(lang, ja, format!("{different} from the shipped FAQ, {same} (- yours, + shipped)"))
}

/// What a group of entries has in common, and what can be done.
pub fn standing(standing: Standing, count: usize, lang: Lang) -> String {
    let (ja, en) = match standing {
        Standing::Renewed => (
            "新しい版で変わった（取り込むなら --take、このままなら --leave）",
            "changed in the program's new version (--take, or --leave it)",
        ),
        Standing::ChangedByBoth => (
            "手元でも新しい版でも変わった（--take は手元の変更を消します。このままなら --leave）",
            "changed both here and in the new version (--take drops your changes; or --leave it)",
        ),
        Standing::New => {
            ("手元にない（足すなら --take、要らなければ --leave）", "not in your FAQ (--take adds it; or --leave it)")
        }
        Standing::Differs => (
            "違うが、どちらが変わったかは記録がない（--take か --leave）",
            "different, and nothing says who changed it (--take, or --leave it)",
        ),
        Standing::Dropped => ("同梱のFAQからはなくなった", "no longer in the shipped FAQ"),
        Standing::Edited => ("手元で変えた", "changed by you"),
        Standing::Added => ("手元で足した", "added by you"),
        Standing::Removed => ("手元で消した（戻すなら --take）", "removed by you (--take brings it back)"),
        Standing::Same => ("同じ", "the same"),
    };
    match lang {
        Lang::Ja => format!("{ja}：{count}"),
        Lang::En => format!("{en}: {count}"),
    }
}

/// There is no such shipped entry.
pub fn not_shipped(id: &str, suggestion: Option<&str>, lang: Lang) -> String {
    let guess = |name| say(lang, format!("「{name}」ですか？"), format!("; did you mean `{name}`?"));
    let guess = suggestion.map(guess).unwrap_or_default();
    let ja = format!("同梱のFAQに「{id}」という項目はありません。{guess}");
    say(lang, ja, format!("the shipped FAQ has no entry `{id}`{guess}"))
}

/// The vocabulary is no entry.
pub fn only_by_hand(lang: Lang) -> String {
    let ja =
        "言葉の一覧は項目ごとに取り込めません。`medse-bot diff` に出る + の言葉を手で足し、済んだら --leave で記録してください。";
    say(lang, ja, "the words are no entries: add those that `medse-bot diff` shows with + by hand, then note it with --leave")
}

/// There are no lines to put an entry's lines in the place of.
pub fn no_lines_of_its_own(file: &str, lang: Lang) -> String {
    let ja =
        format!("「{file}」の書き方（{{…}} や […] など）では、ほかの行を変えずに入れられません。次の行を手で入れてください。");
    say(lang, ja, format!("`{file}` is written so ({{…}}, […]) that other lines would change, too; put in these lines by hand"))
}

/// An entry was not taken.
pub fn refused(id: &str, reason: &str, lang: Lang) -> String {
    let ja = format!("「{id}」は取り込めません。何も書き換えていません。{reason}");
    say(lang, ja, format!("`{id}` is not taken, and nothing is written: {reason}"))
}

/// What would be written has errors.
pub fn nothing_written(lang: Lang) -> String {
    let ja = "取り込むと直す所が残るので、何も書き換えていません。";
    say(lang, ja, "nothing is written: with what was to be taken, the FAQ has errors")
}

/// Why files were not written, and what to do.
pub fn unwritten(unwritten: &Unwritten, lang: Lang) -> String {
    let (ja, en) = match unwritten {
        Unwritten::SavedMeanwhile => (
            "取り込むあいだにファイルが書き換わりました。もう一度実行してください。".to_owned(),
            "a file was saved meanwhile; please try again".to_owned(),
        ),
        Unwritten::ReadOnly(path) => (
            format!("「{}」は読み取り専用です。書き換えてよければ、読み取り専用を外してください。", path.display()),
            format!("{} is read-only; make it writable if it may be changed", path.display()),
        ),
        Unwritten::HardLink(path) => (
            format!(
                "「{}」には別の名前（ハードリンク）もあり、そちらは前の内容のまま残ります。写しに置き換えてから実行してください。",
                path.display()
            ),
            format!(
                "{} has other names (hard links), which would keep the old text; put a copy in its place first",
                path.display()
            ),
        ),
        Unwritten::File { path, source } => {
            let (path, error) = (path.display(), chain(source, lang));
            return say(lang, format!("「{path}」を書き換えられません：{error}"), format!("{path} cannot be written: {error}"));
        }
    };
    say(lang, format!("何も書き換えていません。{ja}"), format!("nothing is written: {en}"))
}

/// An entry is now the shipped one.
pub fn taken(id: &str, file: &Path, lang: Lang) -> String {
    let file = file.display();
    say(lang, format!("「{id}」を {file} に取り込みました。"), format!("took `{id}` into {file}"))
}

/// An entry was as it should be.
pub fn same(id: &str, lang: Lang) -> String {
    say(
        lang,
        format!("「{id}」は同梱のものと同じなので、そのままです。"),
        format!("`{id}` is the same as the shipped one, and stays"),
    )
}

/// A difference is not shown as new again.
pub fn left(id: &str, lang: Lang) -> String {
    say(lang, format!("「{id}」は手元のままにします。"), format!("left `{id}` as it is"))
}
