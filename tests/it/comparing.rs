//! One's own FAQ beside the shipped one: who changed what, and what a taken entry leaves untouched.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use medse_bot::faq::compare::{Base, Standing, compare};
use medse_bot::faq::{Lang, Level, WrittenFile, load, with_lines};
use medse_bot::knowledge::{Library, Unwritten, replace};
use proptest::prelude::*;

use crate::support::{run, source, stderr, stdout};

#[test]
fn every_shipped_entry_has_lines_of_its_own() {
    for shipped in Library::Shipped.sources().unwrap() {
        let file = WrittenFile::read(&shipped.name, shipped.text().unwrap()).unwrap();
        assert!(!file.entries.is_empty());
        for entry in file.entries.iter().filter(|_| !file.topic.is_empty()) {
            let lines = shipped.text().unwrap().get(entry.lines.clone().unwrap()).unwrap();
            assert!(lines.starts_with("  - id: ") && lines.lines().last().unwrap().starts_with("    reviewed: "), "{}", entry.id);
            assert_eq!(lines.matches("\n  - ").count(), 0, "{}", entry.id);
        }
    }
}

const OLD: &str = "format: 1\ntopic: t\ntitle: t\nentries:\n";

fn file(entries: &[(&str, &str)]) -> WrittenFile {
    let entries = entries.iter().map(|(id, answer)| format!("  - id: {id}\n    question: 夜は？\n    answer: {answer}\n"));
    WrittenFile::read("t.yaml", &format!("{OLD}{}", entries.collect::<String>())).unwrap()
}

#[test]
fn who_changed_an_entry_is_told_from_what_was_copied() {
    use Standing::{Added, ChangedByBoth, Differs, Dropped, Edited, New, Removed, Renewed, Same};
    let (old, new, mine) = (Some("はい"), Some("いいえ"), Some("夜は休み"));
    let table = [
        (old, old, old, Same),
        (old, new, new, Same),
        (old, old, new, Renewed),
        (old, mine, old, Edited),
        (old, mine, new, ChangedByBoth),
        (None, mine, new, Differs),
        (None, None, new, New),
        (old, None, old, Removed),
        (old, None, new, Removed),
        (old, old, None, Dropped),
        (None, mine, None, Added),
    ];
    for (copied, own, shipped, expected) in table {
        let of = |answer: Option<&str>| [file(&answer.map(|answer| ("a", answer)).into_iter().collect::<Vec<_>>())];
        let mut base = Base::default();
        of(copied)[0].entries.iter().for_each(|entry| base.note(entry));
        let (own, shipped) = (of(own), of(shipped));
        let standings: Vec<Standing> = compare(&own, &shipped, &base).iter().map(|one| one.standing).collect();
        assert_eq!(standings, [expected], "{copied:?} {own:?} {shipped:?}");
    }
}

#[test]
fn style_is_no_change_and_lines_are() {
    let text = |entry: &str| [WrittenFile::read("t.yaml", &format!("{OLD}{entry}")).unwrap()];
    let block =
        text("  - id: a\n    question: {ja: 夜は？}\n    keywords: [夜, 昼]\n    answer: |\n      はい。\n      たまに。\n");
    let plain =
        text("- answer: \"はい。\\nたまに。\" # 一行\n  id: a\n  question:\n    ja: 夜は？\n  keywords:\n  - 夜\n  - 昼\n");
    assert_eq!(compare(&block, &plain, &Base::default())[0].standing, Standing::Same);
    let new = text(
        "  - id: a\n    question:\n      ja: 夜は？\n    keywords: [夜, 夕方, 昼]\n    answer: |\n      はい。\n      まれに。\n",
    );
    let compared = compare(&block, &new, &Base::default());
    let expected = [("answer", vec![(false, "たまに。"), (true, "まれに。")]), ("keywords", vec![(true, "- 夕方")])];
    assert_eq!(compared[0].changes(), expected);
}

#[test]
fn an_entry_that_was_renamed_is_found_by_its_former_id() {
    let own = [file(&[("old", "はい")])];
    let shipped = format!("{OLD}  - id: new\n    formerly: [older, old]\n    question: 夜は？\n    answer: いいえ\n");
    let shipped = [WrittenFile::read("t.yaml", &shipped).unwrap()];
    let mut base = Base::default();
    base.note(&own[0].entries[0]);
    let compared = compare(&own, &shipped, &base);
    assert_eq!(compared.len(), 1);
    assert_eq!(compared[0].standing, Standing::Renewed);
}

/// Nothing says which of several former ids was the last: in whatever order they stand, what was copied under any of them counts.
#[test]
fn the_order_of_former_ids_is_no_matter() {
    for formerly in ["[older, old]", "[old, older]"] {
        let shipped = format!("{OLD}  - id: new\n    formerly: {formerly}\n    question: 夜は？\n    answer: いいえ\n");
        let shipped = [WrittenFile::read("t.yaml", &shipped).unwrap()];
        let mut base = Base::default();
        base.note(&file(&[("older", "昔の答え")]).entries[0]);
        let own = [file(&[("old", "はい")])];
        base.note(&own[0].entries[0]);
        assert_eq!(compare(&own, &shipped, &base)[0].standing, Standing::Renewed, "{formerly}");
    }
}

/// A file of the moderator: how its lines end and are indented, and what they wrote between and into the entries.
#[derive(Clone, Debug)]
struct Habits {
    line_end: &'static str,
    indent: &'static str,
    has_final_newline: bool,
    has_bom: bool,
    between: Vec<&'static str>,
    inside: Option<&'static str>,
}

fn habits() -> impl Strategy<Value = Habits> {
    let between = prop::collection::vec(
        prop::sample::select(vec!["", "# 夜の項目", "  # - id: old", "      # 深い所", "    # links"]),
        0..4,
    );
    let inside = prop::option::of(prop::sample::select(vec!["    # 自分のメモ", "", "# 左端のメモ"]));
    let line_end = prop::sample::select(vec!["\n", "\r\n"]);
    let indent = prop::sample::select(vec!["", "  ", "    "]);
    (line_end, indent, any::<bool>(), any::<bool>(), between, inside).prop_map(
        |(line_end, indent, has_final_newline, has_bom, between, inside)| Habits {
            line_end,
            indent,
            has_final_newline,
            has_bom,
            between,
            inside,
        },
    )
}

impl Habits {
    /// The head, then the entries, as this moderator would have them.
    fn written(&self, head: &[&str], entries: &[Vec<String>]) -> String {
        let mut lines: Vec<String> = head.iter().map(|line| (*line).to_owned()).collect();
        for entry in entries {
            lines.extend(self.between.iter().map(|line| (*line).to_owned()));
            let indented = |line: &String| line.strip_prefix("  ").map_or(line.clone(), |rest| format!("{}{rest}", self.indent));
            lines.extend(entry.iter().map(indented));
        }
        let bom = if self.has_bom { "\u{feff}" } else { "" };
        format!("{bom}{}{}", lines.join(self.line_end), if self.has_final_newline { self.line_end } else { "" })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn taking_an_entry_changes_its_lines_and_nothing_else(
        habits in habits(),
        nth_file in 0..9_usize,
        nth in 0..100_usize,
        is_missing in any::<bool>(),
    ) {
        let names = ["about", "career", "certificates", "law", "nights", "principles", "roles", "systems", "work"];
        let name = format!("{}.yaml", names[nth_file]);
        let shipped = Library::Shipped.sources().unwrap().into_iter().find(|source| source.name == name).unwrap();
        let text = shipped.text().unwrap();
        let all: Vec<&str> = text.lines().collect();
        let starts: Vec<usize> = (0..all.len()).filter(|at| all[*at].starts_with("  - id: ")).collect();
        let ends = starts[1..].iter().copied().chain([all.len()]);
        let chunk = |(from, to): (&usize, usize)| -> Vec<String> {
            // Blank lines between entries come from the habits.
            all[*from..to].join("\n").trim_end().lines().map(str::to_owned).collect()
        };
        let mut entries: Vec<Vec<String>> = starts.iter().zip(ends).map(chunk).collect();
        let taken = entries.remove(nth % entries.len());
        let at = if is_missing { entries.len() } else { nth % (entries.len() + 1) };
        let id = taken[0].trim_start_matches("  - id: ").to_owned();

        let mut mine = taken.clone();
        mine.retain(|line| !line.starts_with("    reviewed:") && !line.contains("医"));
        if let Some(inside) = habits.inside {
            let answer = mine.iter().position(|line| line.starts_with("    answer:")).unwrap();
            mine.insert(answer, inside.to_owned());
        }
        mine.push("    reviewed: 2020-02-02 # まだ正しい？".to_owned());

        let head = &all[..starts[0]];
        let mut own_entries = entries.clone();
        if !is_missing {
            own_entries.insert(at, mine);
        }
        let own = habits.written(head, &own_entries);
        entries.insert(at, taken);
        let expected = if is_missing {
            // What stands between entries stands above them; the new one comes right behind the last.
            let bare = Habits { between: Vec::new(), has_bom: false, ..habits.clone() }.written(&[], &entries[at..]);
            format!("{}{}{bare}", own.trim_end_matches(['\r', '\n']), habits.line_end)
        } else {
            habits.written(head, &entries)
        };

        let file = WrittenFile::read(&name, text).unwrap();
        let lines = text.get(file.entry(&id).unwrap().lines.clone().unwrap()).unwrap();
        let read = WrittenFile::read(&name, &own).unwrap();
        let result = with_lines(&read, &own, (!is_missing).then_some(id.as_str()), lines).unwrap();
        let first_difference = result.split('\n').zip(expected.split('\n')).find(|(result, expected)| result != expected);
        prop_assert_eq!(first_difference, None, "of {:?}", id);
        prop_assert_eq!(result.len(), expected.len());

        let written = WrittenFile::read(&name, &result).unwrap();
        prop_assert_eq!(&written.entry(&id).unwrap().fields, &file.entry(&id).unwrap().fields);
        let loaded = load(&[source(&name, &result)], Lang::Ja);
        prop_assert!(loaded.diagnostics.iter().all(|one| one.problem.level() < Level::Error));
        prop_assert_eq!(loaded.faq.entries.len(), entries.len());
    }
}

/// A folder with a copy of the shipped FAQ, as `init` makes it.
fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["init"], "").status.code(), Some(0));
    folder
}

fn edit(folder: &Path, name: &str, from: &str, to: &str) {
    let path = folder.join("faq").join(name);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{name} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Makes the copy one of another version, in which this entry was not what it is now.
fn forget(folder: &Path, id: &str) {
    let path = folder.join("faq/.shipped.json");
    let mut base: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let own = WrittenFile::read("nights.yaml", &fs::read_to_string(folder.join("faq/nights.yaml")).unwrap()).unwrap();
    let mut as_now = Base::default();
    as_now.note(own.entry(id).unwrap());
    base[id] = serde_json::to_value(&as_now).unwrap()[id].clone();
    fs::write(path, base.to_string()).unwrap();
}

#[test]
fn diff_tells_apart_what_the_program_and_what_the_moderator_changed() {
    let folder = copied();
    let path = folder.path();
    edit(path, "nights.yaml", "ja: 電子カルテはなぜ24時間365日動いていないといけない？", "ja: 電子カルテはなぜ止められない？");
    forget(path, "always-on");
    edit(path, "work.yaml", "    keywords: [", "    keywords: [手元, ");
    edit(path, "vocabulary.yaml", "home-town: [地元, ", "home-town: [地元, 故郷, ");
    let text = stdout(&run(path, &["diff"], ""));
    insta::assert_snapshot!("diff", text);
    insta::assert_snapshot!("diff_in_english", stdout(&run(path, &["diff", "faq", "--lang", "en"], "")));
    assert!(!text.contains('\u{1b}'));

    let before = fs::read_to_string(path.join("faq/work.yaml")).unwrap();
    let taken = run(path, &["diff", "--take", "always-on", "--leave", "medical-se-what", "vocabulary.yaml"], "");
    assert_eq!(taken.status.code(), Some(0), "{}", stderr(&taken));
    assert!(stdout(&taken).starts_with("「always-on」を faq/nights.yaml に取り込みました。\n"), "{}", stdout(&taken));
    let shipped = Library::Shipped.sources().unwrap();
    let nights = shipped.iter().find(|source| source.name == "nights.yaml").unwrap();
    assert_eq!(fs::read_to_string(path.join("faq/nights.yaml")).unwrap(), nights.text().unwrap());
    assert_eq!(fs::read_to_string(path.join("faq/work.yaml")).unwrap(), before);
    let left: Vec<String> =
        fs::read_dir(path.join("faq")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.contains(".new")), "{left:?}");
    let after = stdout(&run(path, &["diff"], ""));
    assert!(!after.contains("新しい版"), "{after}");
}

#[test]
fn what_is_left_is_not_new_again_and_what_is_missing_gets_its_file() {
    let folder = copied();
    let path = folder.path();
    fs::remove_file(path.join("faq/nights.yaml")).unwrap();
    fs::remove_file(path.join("faq/.shipped.json")).unwrap();
    edit(path, "law.yaml", "    reviewed: 2026-11-22", "    reviewed: 2026-11-23");
    let text = stdout(&run(path, &["diff", "--lang", "en"], ""));
    assert!(text.contains("not in your FAQ (--take adds it; or --leave it): 10\n") && text.contains("  hours  "), "{text}");
    assert!(text.contains("different, and nothing says who changed it (--take, or --leave it): 1\n"), "{text}");

    let take = run(path, &["diff", "--take", "hours", "always-on"], "");
    assert_eq!(take.status.code(), Some(0), "{}", stderr(&take));
    let nights = fs::read_to_string(path.join("faq/nights.yaml")).unwrap();
    assert!(nights.starts_with("# yaml-language-server: $schema=./faq.schema.json\nformat: 1\ntopic: nights\n"), "{nights}");
    assert_eq!(nights.matches("\n  - id: ").count(), 2);
    assert_eq!(run(path, &["diff", "--leave", "laws-list", "cyberattack"], "").status.code(), Some(0));
    let text = stdout(&run(path, &["diff", "--lang", "en"], ""));
    assert!(text.contains("not in your FAQ (--take adds it; or --leave it): 7\n"), "{text}");
    assert!(text.contains("changed by you: 1\n") && text.contains("removed by you (--take brings it back): 1\n"), "{text}");
}

#[test]
fn what_cannot_be_taken_safely_is_refused_and_nothing_is_written() {
    let flow = "format: 1\ntopic: nights\ntitle: 夜\nentries:\n  - {id: hours, question: 夜は？, answer: はい}\n";
    let doubled = "format: 1\ntopic: x\ntitle: 夜\nentries:\n  - id: hours-2\n    formerly: [always-on]\n    question: 夜は？\n    answer: はい\n";
    let shares = "format: 1\ntopic: x\ntitle: 夜\nentries:\n  - id: x\n    question: 夜は？\n    answer: はい\n";
    let table: [(&str, &[&str], i32, &str, &str); 8] = [
        (flow, &["--take", "hours", "--leave", "hours"], 2, "--take と --leave の両方に", ""),
        (
            flow,
            &["--take", "hours"],
            1,
            "ほかの行を変えずに入れられません。次の行を手で入れてください。",
            "  - id: hours\n    kind: signpost\n",
        ),
        (shares, &["--take", "hours"], 1, "ほかの行を変えずに入れられません", "  - id: hours\n"),
        (
            doubled,
            &["--take", "pay", "always-on", "--lang", "en"],
            1,
            "`always-on` is not taken, and nothing is written",
            "  - id: always-on\n",
        ),
        (flow, &["--take", "vocabulary.yaml"], 1, "言葉の一覧は項目ごとに取り込めません", ""),
        (flow, &["--take", "huors"], 2, "「hours」ですか？", ""),
        (flow, &["--leave", "huors", "--lang", "en"], 2, "did you mean `hours`?", ""),
        ("entries: [", &["--take", "hours"], 1, "「nights.yaml」を読めません", "  - id: hours\n"),
    ];
    for (text, arguments, code, said, paste) in table {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("faq")).unwrap();
        fs::write(folder.path().join("faq/nights.yaml"), text).unwrap();
        let output = run(folder.path(), &[&["diff"], arguments].concat(), "");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
        assert!(stdout(&output).starts_with(paste), "{arguments:?}: {}", stdout(&output));
        assert_eq!(fs::read_to_string(folder.path().join("faq/nights.yaml")).unwrap(), text);
        assert_eq!(fs::read_dir(folder.path().join("faq")).unwrap().count(), 1, "{arguments:?}");
    }
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(run(nowhere.path(), &["diff"], "").status.code(), Some(2));
}

#[test]
fn a_broken_note_of_what_was_copied_says_what_deleting_it_means() {
    let folder = copied();
    let path = folder.path();
    fs::write(path.join("faq/.shipped.json"), "{").unwrap();
    for (arguments, said) in
        [(&["diff"][..], "壊れています。消すと"), (&["--lang", "en", "diff", "--take", "hours"], "is broken; delete it")]
    {
        let output = run(path, arguments, "");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
    fs::remove_file(path.join("faq/.shipped.json")).unwrap();
    assert_eq!(run(path, &["diff"], "").status.code(), Some(0));
}

#[test]
fn a_faq_that_would_have_an_error_is_not_written() {
    let folder = copied();
    let path = folder.path();
    edit(path, "nights.yaml", "ja: 電子カルテはなぜ", "ja: 電カルはなぜ");
    edit(path, "law.yaml", "    reviewed: 2026-11-22", "    reviewed: 11/22");
    let before = fs::read_to_string(path.join("faq/nights.yaml")).unwrap();
    let refused = run(path, &["diff", "--take", "always-on"], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).starts_with("取り込むと直す所が残るので、何も書き換えていません。"), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("reviewed: 11/22"), "{}", stderr(&refused));
    assert_eq!(fs::read_to_string(path.join("faq/nights.yaml")).unwrap(), before);
    // Leaving an entry writes none, so it needs none without an error.
    assert_eq!(run(path, &["diff", "--leave", "always-on"], "").status.code(), Some(0));
    // The entry with the error itself can be taken: that mends it.
    let mended = run(path, &["diff", "--take", "always-on", "laws-list"], "");
    assert_eq!(mended.status.code(), Some(0), "{}", stderr(&mended));
}

/// Files of a folder with their contents, hidden ones too.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap())).collect()
}

#[test]
fn who_saves_while_others_write_keeps_what_they_wrote() {
    let meanwhile: [fn(&Path); 3] = [
        |folder| fs::write(folder.join("夜.yaml"), "夜勤を足した\n").unwrap(),
        |folder| fs::remove_file(folder.join("夜.yaml")).unwrap(),
        |folder| fs::write(folder.join("new.yaml"), "だれかの\n").unwrap(),
    ];
    for change in meanwhile {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("day.yaml"), "昼\n").unwrap();
        fs::write(path.join("夜.yaml"), "夜\n").unwrap();
        let read = Library::Folder(path.to_owned()).sources().unwrap();
        change(path);
        let before = contents(path);
        let files: [(&str, &[u8]); 3] = [("day.yaml", b"a"), ("夜.yaml", b"b"), ("new.yaml", b"c")];
        assert!(matches!(replace(path, &read, &files), Err(Unwritten::SavedMeanwhile)));
        assert_eq!(contents(path), before);
        let read = Library::Folder(path.to_owned()).sources().unwrap();
        replace(path, &read, &files).unwrap();
        assert_eq!(contents(path).into_values().collect::<String>(), "acb");
    }
}

#[test]
fn where_one_file_cannot_be_written_none_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("夜.yaml"), "夜\n").unwrap();
    let read = Library::Folder(path.to_owned()).sources().unwrap();
    let refused = replace(path, &read, &[("夜.yaml", b"a"), ("nowhere/昼.yaml", b"b")]);
    assert!(matches!(&refused, Err(Unwritten::File { path, .. }) if path.ends_with("昼.yaml")), "{refused:?}");
    assert_eq!(contents(path), BTreeMap::from([("夜.yaml".to_owned(), "夜\n".to_owned())]));
}

/// Makes a file one that must not be replaced.
#[cfg(unix)]
type Hinder = fn(&Path);

#[cfg(unix)]
#[test]
fn files_that_must_not_be_replaced_keep_all_others_as_they_are() {
    use std::os::unix::fs::PermissionsExt;
    let hinder: [(Hinder, &str); 2] = [
        (|file| fs::set_permissions(file, fs::Permissions::from_mode(0o444)).unwrap(), "law.yaml」は読み取り専用です。"),
        (|file| fs::hard_link(file, file.with_extension("old")).unwrap(), "law.yaml」には別の名前（ハードリンク）もあり"),
    ];
    for (hinder, said) in hinder {
        let folder = copied();
        let path = folder.path();
        edit(path, "nights.yaml", "ja: 電子カルテはなぜ", "ja: 電カルはなぜ");
        edit(path, "law.yaml", "    reviewed: 2026-11-22", "    reviewed: 2026-11-23");
        hinder(&path.join("faq/law.yaml"));
        let before = contents(&path.join("faq"));
        let refused = run(path, &["diff", "--take", "always-on", "laws-list"], "");
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            stderr(&refused).starts_with("何も書き換えていません。") && stderr(&refused).contains(said),
            "{}",
            stderr(&refused)
        );
        assert_eq!(contents(&path.join("faq")), before, "nothing is changed, nothing is left over");
    }
}

/// As with sudo: the file goes on belonging to whom it belonged.
#[cfg(unix)]
#[test]
fn a_file_that_is_replaced_keeps_its_owner() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("夜.yaml");
    fs::write(&file, "夜\n").unwrap();
    // Only root may give files away; for others there is nothing that could change.
    let _ = chown(&file, Some(4_711), Some(4_712));
    let before = fs::metadata(&file).unwrap();
    let read = Library::Folder(folder.path().to_owned()).sources().unwrap();
    replace(folder.path(), &read, &[("夜.yaml", "昼\n".as_bytes())]).unwrap();
    let after = fs::metadata(&file).unwrap();
    assert_ne!(before.ino(), after.ino());
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
}

#[test]
fn an_entry_that_is_the_same_is_not_called_taken() {
    let folder = copied();
    let path = folder.path();
    let before = contents(&path.join("faq"));
    let output = run(path, &["diff", "--take", "always-on"], "");
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(0), "「always-on」は同梱のものと同じなので、そのままです。\n".to_owned())
    );
    assert_eq!(contents(&path.join("faq")), before);
}

#[test]
fn what_the_program_lends_is_not_called_removed_and_the_example_is_nobodys() {
    let folder = copied();
    let path = folder.path();
    fs::remove_file(path.join("faq/care.yaml")).unwrap();
    fs::remove_file(path.join("faq/vocabulary.yaml")).unwrap();
    let text = stdout(&run(path, &["diff", "--lang", "en"], ""));
    assert!(text.starts_with("0 entries differ from the shipped FAQ") && text.lines().count() == 1, "{text}");
    // By its content, not by its name: what somebody writes in its place is theirs.
    edit(path, "template.yaml", "    draft: true\n", "");
    let text = stdout(&run(path, &["diff", "--lang", "en"], ""));
    assert!(text.starts_with("1 entry differs from the shipped FAQ"), "{text}");
    assert!(text.contains("added by you: 1\n  template.yaml:") && text.contains("template-entry"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_taken_entry_keeps_links_and_permissions_of_its_file() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = copied();
    let path = folder.path();
    fs::rename(path.join("faq/nights.yaml"), path.join("kept-elsewhere.yaml")).unwrap();
    symlink("../kept-elsewhere.yaml", path.join("faq/nights.yaml")).unwrap();
    edit(path, "nights.yaml", "ja: 電子カルテはなぜ", "ja: 電カルはなぜ");
    fs::set_permissions(path.join("kept-elsewhere.yaml"), fs::Permissions::from_mode(0o640)).unwrap();
    let taken = run(path, &["diff", "--take", "always-on"], "");
    assert_eq!(taken.status.code(), Some(0), "{}", stderr(&taken));
    assert!(fs::symlink_metadata(path.join("faq/nights.yaml")).unwrap().is_symlink());
    let kept = path.join("kept-elsewhere.yaml");
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::read_to_string(kept).unwrap().contains("ja: 電子カルテはなぜ"));
}
