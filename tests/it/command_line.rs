//! The program as its users run it: what it prints, on which stream, and how it exits. Conversations stand in `chatting.rs`.

use std::fs;

use medse_bot::faq::Entry;

use crate::support::{run, stderr, stdout};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_piped_question_is_answered_with_its_link() {
    let output = run(folder().path(), &[], "医療系SEと院内SEの違いは？\n");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0));
    assert!(text.contains("いちばんの違いは雇い主です。"), "{text}");
    assert!(text.contains("https://whitefox21.hatenablog.com/entry/2020/12/18/190000"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour where nobody sees it");
    assert_eq!(stderr(&output), "");
}

#[test]
fn json_repeats_the_question_byte_for_byte() {
    let output = run(folder().path(), &["ask", "--json"], "a\u{7f}b\u{1b}[31m夜\n");
    let line: serde_json::Value = serde_json::from_str(stdout(&output).trim_end()).unwrap();
    assert_eq!(line["question"], "a\u{7f}b\u{1b}[31m夜");
}

#[test]
fn json_is_one_object_a_line_in_order() {
    let input = "医療系SEと院内SEの違いは？\n\nありがとう\n院内SEの年収は？\r\n\u{feff}What is PACS?";
    let output = run(folder().path(), &["ask", "--json"], input);
    let lines: Vec<serde_json::Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<(&str, &str)> =
        lines.iter().map(|line| (line["outcome"].as_str().unwrap(), line["reason"].as_str().unwrap())).collect();
    let expected =
        [("answer", "clear"), ("silence", "empty"), ("silence", "thanks"), ("decline", "signpost"), ("answer", "clear")];
    assert_eq!(outcomes, expected);
    assert_eq!(lines[0]["question"], "医療系SEと院内SEの違いは？");
    assert_eq!(lines[0]["entries"][0]["id"], "medical-vs-hospital-se");
    assert_eq!(lines[3]["entries"][0]["id"], "pay");
    assert_eq!(lines[4]["lang"], "en");
    assert!(lines.iter().all(|line| line["entries"].as_array().unwrap().len() <= 5));
}

#[test]
fn lines_that_are_not_utf8_are_answered_too() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_medse-bot"))
        .args(["ask", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"\xff\xfe\x00\nPACS\xe3\x81\xa8\xe3\x81\xaf\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output).lines().count(), 2);
}

#[test]
fn every_failure_is_one_sentence_with_its_exit_code() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("empty")).unwrap();
    fs::create_dir(path.join("faulty")).unwrap();
    fs::write(path.join("faulty/a.yaml"), "format: 1\ntopic: a\ntitle: a\nentries:\n  - id: a\n    question: あ\n").unwrap();
    fs::write(path.join("broken.toml"), "[faq]\nfodler = \"faq\"\n").unwrap();
    fs::write(path.join("missing.toml"), "[faq]\nfolder = \"gone\"\n").unwrap();
    fs::write(path.join("empty.jsonl"), "").unwrap();
    fs::write(path.join("list.jsonl"), "[]\n").unwrap();
    fs::write(path.join("no-line.jsonl"), "夜勤はある？\n").unwrap();
    fs::write(path.join("unknown.jsonl"), "{\"question\": \"夜勤は？\", \"accept\": [\"yakin\"]}\n").unwrap();
    let table: [(&[&str], i32, &str); 31] = [
        (&["--config", "broken.toml", "ask", "x"], 2, "「folder」ですか？"),
        (&["--config", "nowhere.toml", "ask", "x"], 2, "nowhere.toml"),
        (&["--config", "missing.toml", "ask", "x"], 2, "「gone」を読めません"),
        (&["--faq", "empty", "ask", "x"], 2, "YAML ファイル（.yaml）がありません"),
        (&["check", "empty"], 2, "「medse-bot init 新しいフォルダー」"),
        (&["check", "empty", "--lang", "en"], 2, "medse-bot init NEW_FOLDER"),
        (&["check", "broken.toml"], 2, "「broken.toml」はFAQのファイルではありません"),
        (&["--faq", "faulty", "ask", "x"], 2, "使える項目がありません"),
        (&["--faq", "faulty", "ask", "x"], 2, "「answer」がありません"),
        (&["--faq", "faulty", "--lang", "en", "ask", "x"], 2, "no usable entry"),
        (&["--faq", "nowhere", "check"], 2, "FAQのフォルダー「nowhere」を読めません: ありません（No such file"),
        (&["check", "faulty/nosuch.yaml"], 2, "ファイル「faulty/nosuch.yaml」を読めません：ありません（"),
        (&["check", "nosuch", "--lang", "en"], 2, "the folder `nosuch` cannot be read: it is not there ("),
        (&["check", "a.yaml", "--faq", "faulty"], 2, "「medse-bot check faulty/a.yaml」のことですか？"),
        (&["check", "a.yaml", "--faq", "faulty", "--lang", "en"], 2, "did you mean `medse-bot check faulty/a.yaml`?"),
        (&["frobnicate"], 2, "「frobnicate」というコマンドはありません。"),
        (&["frobnicate"], 2, "unrecognized subcommand"),
        (&["ask", "--jsn"], 2, "「--jsn」という指定はありません。"),
        (&["check", "--format", "表"], 2, "「--format <FORMAT>」に「表」は使えません。"),
        (&["ask", "--json", "--explain", "x"], 2, "は一緒に使えません。"),
        (&["eval"], 2, "がありません。書き方（英語）は「medse-bot --help」"),
        (&["eval", "nowhere.jsonl"], 2, "nowhere.jsonl: ありません（No such file"),
        (&["eval", "empty.jsonl"], 2, "empty.jsonl: 質問が一つもありません。"),
        (&["eval", "list.jsonl", "--lang", "en"], 2, "list.jsonl: there is no question in it"),
        (&["eval", "no-line.jsonl"], 2, "no-line.jsonl:1: 表の行の形ではありません。"),
        (&["eval", "unknown.jsonl"], 2, "unknown.jsonl:1: FAQに「yakin」という項目はありません。"),
        (&["check", "--today", "2027/11/01"], 2, "--today 2027/11/01: 日付として読めません。2026-11-22 のように"),
        (&["check", "--today", "gestern", "--lang", "en"], 2, "this is no day; write year-month-day, like 2026-11-22"),
        (&["eval", "nowhere.jsonl", "--floor", "top1=nan"], 2, "--floor top1=nan: 「top1=85」のように、top1, "),
        (&["eval", "nowhere.jsonl", "--floor", "top1"], 2, "--floor top1: 「top1=85」のように、"),
        (&["eval", "nowhere.jsonl", "--floor", "top9=5", "--lang", "en"], 2, "write one of top1, "),
    ];
    for (arguments, code, sentence) in table {
        let output = run(path, arguments, "");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(sentence), "{arguments:?}: {said}");
        assert!(!said.contains("panicked") && !said.contains("stack backtrace"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_faulty_entry_at_start_is_told_and_the_others_answer() {
    let folder = folder();
    let faq = folder.path().join("faq");
    fs::create_dir(&faq).unwrap();
    let text = "format: 1\ntopic: t\ntitle: t\nentries:\n  - id: a\n    question: 食堂はありますか？\n    answer: あります。\n  - id: b\n    qestion: 駐車場は？\n    answer: はい\n";
    fs::write(faq.join("t.yaml"), text).unwrap();
    let output = run(folder.path(), &["ask", "食堂はありますか"], "");
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("あります。"));
    assert!(stderr(&output).contains("t.yaml:9:5: 「qestion」という名前の項目はありません。"), "{}", stderr(&output));
}

#[test]
fn check_exits_with_one_on_findings_and_draws_them() {
    let folder = folder();
    fs::write(
        folder.path().join("t.yaml"),
        "format: 1\ntopic: t\ntitle: t\nentries:\n  - id: A\n    question: 夜は？\n    answer: はい\n",
    )
    .unwrap();
    let text = run(folder.path(), &["check", "."], "");
    assert_eq!(text.status.code(), Some(1));
    assert!(stdout(&text).contains("id「A」は使えません"), "{}", stdout(&text));
    let json = run(folder.path(), &["check", ".", "--format", "json", "--lang", "en"], "");
    let findings: Vec<serde_json::Value> = stdout(&json).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let error = findings.iter().find(|finding| finding["level"] == "error").unwrap();
    assert_eq!((error["line"].as_u64(), error["column"].as_u64(), error["code"].as_str()), (Some(5), Some(9), Some("bad-id")));
}

/// A FAQ in which there is something to report of every kind.
const GAPS: &str = "format: 1
topic: t
title: t
entries:
  - id: newer
    question: {ja: 夜勤はありますか？, en: Are there night shifts?}
    answer: {ja: あります。, en: Yes.}
    reviewed: 2026-12-20
    must_find: [夜勤ある？]
  - id: old
    question: 食堂はありますか？
    also_asked: [食堂ある？, 社食は？, 食堂の場所は？, 食堂で食べたい]
    answer: あります。
    reviewed: 2026-11-22
  - id: older
    question: {en: Is there a canteen?}
    answer: {en: Yes.}
    reviewed: 2025-01-01
  - id: never
    question: 駐車場はありますか？
    answer: あります。
";

#[test]
fn check_of_a_file_shows_its_own_findings_in_the_light_of_its_folder() {
    let folder = folder();
    let entry = |id: &str, rest: &str| {
        format!(
            "format: 1\ntopic: {id}\ntitle: 題\nentries:\n  - id: {id}\n    question: {id}の夜は？\n    answer: はい。\n{rest}"
        )
    };
    fs::write(folder.path().join("nights.yaml"), entry("nights", "    related: [days]\n    reviewed: 昨日\n")).unwrap();
    fs::write(folder.path().join("days.yaml"), entry("days", "    reviewed: 明日\n")).unwrap();
    let output = run(folder.path(), &["check", "nights.yaml", "--lang", "en"], "");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.starts_with("1 file, 0 entries: 1 error, 0 warnings, "), "{text}");
    assert!(text.contains("nights.yaml:9:15") && !text.contains("days.yaml") && !text.contains("unknown-entry"), "{text}");
}

/// A renamed file is how a topic is lost without a word.
#[test]
fn files_that_are_not_read_because_of_their_names_are_said_once() {
    let folder = folder();
    let faq = folder.path().join("faq");
    fs::create_dir(&faq).unwrap();
    let topic = |name: &str| {
        format!("format: 1\ntopic: {name}\ntitle: 題\nentries:\n  - id: {name}\n    question: {name}は？\n    answer: はい。\n")
    };
    fs::write(faq.join("canteen.YAML"), topic("canteen")).unwrap();
    for (name, text) in [
        ("meetup.yaml.txt", topic("meetup").as_str()),
        ("夜勤", &topic("nights")),
        ("faq.yml.bak", ""),
        ("README", "読む人へ"),
        ("faq.schema.json", "{}"),
        (".hidden.yaml.swp", &topic("hidden")),
        ("canteen.yaml~", &topic("old")),
    ] {
        fs::write(faq.join(name), text).unwrap();
    }
    for lang in ["ja", "en"] {
        let output = run(folder.path(), &["check", "--lang", lang], "");
        assert_eq!(output.status.code(), Some(0));
        let text = stdout(&output);
        let (first, group) =
            text.split_once("\n\n").map(|(head, _)| head).zip(text.rsplit_once("\n\n").map(|(_, last)| last)).unwrap();
        let expected = if lang == "ja" { "ファイル 1、項目 1：" } else { "1 file, 1 entry: " };
        assert!(first.starts_with(expected), "an ending in capitals is read: {text}");
        insta::assert_snapshot!(format!("overlooked_{lang}"), group);
    }
    let of_a_file = stdout(&run(folder.path(), &["check", "faq/canteen.YAML"], ""));
    assert!(!of_a_file.contains("meetup"), "{of_a_file}");
    fs::remove_file(faq.join("canteen.YAML")).unwrap();
    let none = stderr(&run(folder.path(), &["check"], ""));
    assert!(none.contains("名前の終わりを .yaml に変えてください：faq.yml.bak, meetup.yaml.txt, 夜勤"), "{none}");
}

#[test]
fn a_review_dated_ahead_is_reported() {
    let folder = folder();
    fs::create_dir(folder.path().join("faq")).unwrap();
    fs::write(folder.path().join("faq/t.yaml"), GAPS).unwrap();
    for (today, is_ahead) in [("2026-12-19", true), ("2026-12-20", false)] {
        let text = stdout(&run(folder.path(), &["check", "--today", today, "--lang", "ja"], ""));
        let ahead = "（年を確かめてください） (1)\n  t.yaml:5 newer  2026-12-20\n";
        assert_eq!(text.contains(ahead), is_ahead, "{text}");
    }
}

#[test]
fn reports_name_what_is_due_and_what_is_not_covered_and_change_no_exit_code() {
    let folder = folder();
    fs::create_dir(folder.path().join("faq")).unwrap();
    fs::write(folder.path().join("faq/t.yaml"), GAPS).unwrap();
    fs::write(
        folder.path().join("faq/vocabulary.yaml"),
        "format: 1\nconcepts:\n  night: [夜勤, 夜間]\n  moon: [月面基地, moon base]\n",
    )
    .unwrap();
    let report = |lang: &str| {
        let output = run(folder.path(), &["check", "--today", "2027-11-23", "--coverage", "--lang", lang], "");
        assert_eq!(output.status.code(), Some(0));
        let text = stdout(&output);
        let from = text.find(if lang == "ja" { "\n最後の確認から" } else { "\nLast reviewed" }).unwrap();
        text.get(from..).unwrap().to_owned()
    };
    insta::assert_snapshot!("reports", report("ja"));
    insta::assert_snapshot!("reports_in_english", report("en"));
    let json = run(folder.path(), &["check", "--today", "2027-11-23", "--coverage", "--format", "json"], "");
    let reports: Vec<serde_json::Value> = stdout(&json).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let reports: Vec<String> = reports
        .iter()
        .filter(|report| report["level"] == "report")
        .map(|report| format!("{} {} {} {}", report["code"], report["line"], report["id"], report["detail"]).replace('"', ""))
        .collect();
    let expected = [
        "overdue 15 older 2025-01-01",
        "overdue 10 old 2026-11-22",
        "soon-overdue 5 newer 2026-12-20",
        "never-reviewed 19 never ",
        "language-missing 15 older ",
        "few-wordings 5 newer 1",
        "few-wordings 19 never 1",
        "language-missing 10 old ",
        "language-missing 19 never ",
        "few-wordings 5 newer 1",
        "few-wordings 15 older 1",
        "no-must-find 10 old ",
        "no-must-find 15 older ",
        "no-must-find 19 never ",
        "unused-concept null null moon: 月面基地, moon base",
    ];
    assert_eq!(reports, expected);
}

#[test]
fn the_shipped_faq_covers_itself_and_a_year_is_a_year() {
    let clean = stdout(&run(folder().path(), &["check", "--coverage", "--today", "2026-12-01"], ""));
    assert_eq!(clean.lines().count(), 1, "{clean}");
    let day = |text: &str| medse_bot::faq::parse_date(text).unwrap();
    let table = [
        ("2026-11-01", false, false),
        ("2027-10-23", false, false),
        ("2027-10-24", false, true),
        ("2027-11-22", false, true),
        ("2027-11-23", true, false),
        ("9999-12-31", true, false),
    ];
    for (today, is_overdue, is_soon) in table {
        let (reviewed, today) = (day("2026-11-22"), day(today));
        let found = (Entry::is_overdue(reviewed, today), Entry::is_soon_overdue(reviewed, today));
        assert_eq!(found, (is_overdue, is_soon), "{today}");
    }
}

/// What the README's chapter for moderators shows is what happens.
#[test]
fn a_moderators_first_hour_is_as_the_readme_tells_it() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let chapter = readme.split("### 最初の一時間").nth(1).unwrap().split("\n### ").next().unwrap();
    let blocks = |kind: &str| -> Vec<String> {
        let blocks = chapter.split("```").skip(1).step_by(2);
        blocks.filter_map(|block| block.strip_prefix(kind)?.strip_prefix('\n').map(str::to_owned)).collect()
    };
    let [entry] = blocks("yaml").try_into().unwrap();
    let folder = folder();
    let mut place = folder.path().to_path_buf();
    for (nth, block) in blocks("console").iter().enumerate() {
        match nth {
            1 => fs::write(place.join("faq/meetup.yaml"), &entry).unwrap(),
            2 => fs::write(place.join("faq/meetup.yaml"), entry.replace("anwser", "answer")).unwrap(),
            _ => {}
        }
        let mut happened = String::new();
        for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            happened.extend(["$ ", command, "\n"]);
            match command.split(' ').collect::<Vec<_>>().as_slice() {
                ["cd", inner] => place.push(inner),
                ["medse-bot", arguments @ ..] => {
                    let output = run(&place, arguments, "");
                    happened.push_str(&stdout(&output));
                    assert_eq!(stderr(&output), "");
                }
                other => panic!("the story has no {other:?}"),
            }
        }
        // A line of `…` stands for any lines.
        let mut rest = happened.as_str();
        for part in block.split("…\n") {
            let (_, behind) =
                rest.split_once(part).unwrap_or_else(|| panic!("the README says\n{block}\nand this happens\n{happened}"));
            rest = behind;
        }
        assert_eq!(rest, "", "the README says\n{block}\nand this happens\n{happened}");
    }
}

#[test]
fn init_makes_a_folder_that_checks_clean_and_never_overwrites() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(run(path, &["init", "bot"], "").status.code(), Some(0));
    let inside = path.join("bot");
    let check = run(&inside, &["check"], "");
    assert_eq!(check.status.code(), Some(0), "{}{}", stdout(&check), stderr(&check));
    assert!(stdout(&check).ends_with("項目 92：直す所 0、注意 0、提案 0\n"), "the template is a draft: {}", stdout(&check));
    let template = fs::read_to_string(inside.join("faq/template.yaml")).unwrap();
    fs::write(inside.join("faq/used.yaml"), template.replace("    draft: true\n", "").replace("template", "used")).unwrap();
    let used = stdout(&run(&inside, &["check"], ""));
    assert!(used.ends_with("項目 93：直す所 0、注意 0、提案 0\n"), "the template shows a sound entry: {used}");
    let schema: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(inside.join("faq/faq.schema.json")).unwrap()).unwrap();
    assert_eq!(schema, medse_bot::faq::schema());
    fs::write(inside.join("config.toml"), "language = \"en\"\n").unwrap();
    let again = stdout(&run(path, &["init", "bot"], ""));
    assert!(again.contains("そのまま"), "{again}");
    assert_eq!(fs::read_to_string(inside.join("config.toml")).unwrap(), "language = \"en\"\n");
}

/// What was copied is told from what came later, also where `init` fills up a folder of an older version.
#[test]
fn init_in_an_older_folder_notes_what_it_copies_and_nothing_else() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(run(path, &["init"], "").status.code(), Some(0));
    let base = path.join("faq/.shipped.json");
    let noted = || -> serde_json::Value { serde_json::from_str(&fs::read_to_string(&base).unwrap()).unwrap() };
    // As the older version left it: without two entries of one file that is there, and without another file.
    let mut older = noted();
    for id in ["always-on", "cyberattack", "laws-list"] {
        older.as_object_mut().unwrap().remove(id).unwrap();
    }
    let nights = fs::read_to_string(path.join("faq/nights.yaml")).unwrap();
    fs::write(path.join("faq/nights.yaml"), nights.replace("id: always-on", "id: dropped-by-us")).unwrap();
    fs::write(&base, older.to_string()).unwrap();
    fs::remove_file(path.join("faq/law.yaml")).unwrap();
    assert_eq!(run(path, &["init"], "").status.code(), Some(0));
    let now = noted();
    assert!(now["laws-list"].is_string(), "its file has just been copied");
    assert!(now["always-on"].is_null() && now["cyberattack"].is_null(), "their file was there, and may be older than they are");
    let diff = stdout(&run(path, &["diff", "--lang", "en"], ""));
    assert!(diff.contains("not in your FAQ (--take adds it; or --leave it): 1\n  always-on  "), "{diff}");
}

#[test]
fn help_names_every_command() {
    let help = stdout(&run(folder().path(), &["--help"], ""));
    for command in ["chat", "ask", "check", "diff", "eval", "schema", "init", "backup", "restore"] {
        assert!(help.contains(command), "{help}");
    }
    let help = stdout(&run(folder().path(), &["eval", "--help"], ""));
    for figure in medse_bot::evaluation::Figures::NAMES {
        assert!(help.contains(figure), "{figure}: {help}");
    }
}

#[test]
fn eval_fails_below_its_floor() {
    let folder = folder();
    fs::write(
        folder.path().join("q.jsonl"),
        "{\"question\": \"真正性ってなんだろう\", \"accept\": [\"pacs-what\"], \"lang\": \"ja\"}\n",
    )
    .unwrap();
    let output = run(folder.path(), &["eval", "q.jsonl", "--floor", "top1=50"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("top1 は 0.0 %、下限（wrong と declined は上限）は 50 % です"), "{}", stderr(&output));
}

#[test]
fn what_a_table_cannot_measure_is_a_dash_null_and_below_every_floor() {
    let folder = folder();
    let questions = "{\"question\": \"今日のお昼なに食べた\", \"accept\": [], \"lang\": \"ja\"}\n";
    fs::write(folder.path().join("q.jsonl"), questions).unwrap();
    for lang in ["ja", "en"] {
        let output = run(folder.path(), &["eval", "q.jsonl", "--misses", "--lang", lang], "");
        assert_eq!(output.status.code(), Some(0));
        insta::assert_snapshot!(format!("eval_without_questions_in_scope_{lang}"), stdout(&output));
    }
    let json = stdout(&run(folder.path(), &["eval", "q.jsonl", "--json"], ""));
    let figures: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(figures["top1"].is_null() && figures["auroc"].is_null() && figures["wrong"] == 0.0, "{json}");
    for (floor, code) in [("top1=0", 1), ("declined=100", 1), ("auroc=0", 1), ("wrong=0", 0)] {
        let output = run(folder.path(), &["eval", "q.jsonl", "--floor", floor, "--lang", "en"], "");
        assert_eq!(output.status.code(), Some(code), "{floor}");
        assert_eq!(stderr(&output).starts_with("there is no question to measure"), code == 1, "{}", stderr(&output));
    }
}
