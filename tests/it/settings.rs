//! Broken settings get one clear sentence, in the language of whoever reads it.

use medse_bot::settings::Settings;

use crate::support::{run, stderr};

/// What the program says of settings, behind its name.
fn told(text: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), text).unwrap();
    let output = run(folder.path(), &[&["ask", "x"], arguments].concat(), "");
    assert_eq!(output.status.code(), Some(2), "{text}");
    stderr(&output).trim_end().strip_prefix("medse-bot: config.toml").unwrap().to_owned()
}

#[test]
fn broken_settings_are_told_with_their_place_their_line_and_a_right_one() {
    let table = [
        ("langauge = \"ja\"\n", ":1:1: 「langauge = \"ja\"」：「langauge」という設定はここにはありません。「language」ですか？"),
        ("[faq]\nfodler = \"x\"\n", ":2:1: 「fodler = \"x\"」：「fodler」という設定はここにはありません。「folder」ですか？"),
        (
            "# 新しい\nformat = 2\nfarbe = 3\n",
            ":2:1: 「format = 2」：このファイルは形式 2 ですが、このプログラムが知っているのは 1 です。",
        ),
        ("format = 0\n", "形式 1 で書いてください（config.example.toml）。"),
        ("format = \"一\"\n", "「format = 1」のように書いてください。"),
        ("[answring]\n", "「answering」ですか？"),
        ("[discord]\nkeep_days = 9\n", "config.example.toml と同じ [ ] の下に移してください。"),
        ("# 言語\nlanguage = \"fr\"\n", ":2:12: 「language = \"fr\"」：この値は選べません。「ja」「en」のどれかにしてください。"),
        ("language = ja\n", ":1:12: 「language = ja」：TOMLの書き方に合いません。「language = \"ja\"」のように書いてください。"),
        (
            "[answering]\nanswer_at = \"高い\"\n",
            ":2:13: 「answer_at = \"高い\"」：この値は使えません。「answer_at = 0.6」のように書いてください。",
        ),
        ("[answering]\nanswer_at = 7\n", ":2:1: 「answer_at = 7」：answering.answer_at は 0 から 1 までです。"),
        ("answering.answer_at = 7\n", ":1:1: 「answering.answer_at = 7」：answering.answer_at は 0 から 1 までです。"),
        ("[answering]\nanswer_at = 0.2\noffer_at = 0.4\n", "answering.offer_at は answering.answer_at より大きくできません。"),
        ("[answering]\nmargin = nan\n", "answering.margin は 0 から 1 までです。"),
        ("[journal]\nkeep_days = 0\n", "journal.keep_days は 1 から 3650 までです。"),
        ("[journal]\nkeep_days = 3651\n", "journal.keep_days は 1 から 3650 までです。"),
        ("[journal]\nkeep_days = \"九十\"\n", "「keep_days = 90」のように書いてください。"),
        ("[journal]\nkeep_day = 9\n", "「keep_days」ですか？"),
        ("[discord]\nlog_channel = \"123\"\n", "「log_channel = 123456789012345678」のように書いてください。"),
        (
            "[discord]\nwatched_channels = [\n  1,\n  \"二\",\n]\n",
            ":4:3: 「\"二\",」：この値は使えません。「watched_channels = [123456789012345678]」のように",
        ),
        ("[faq\nfolder = \"x\"\n", "TOMLの書き方に合いません。"),
        (
            "[faq]\nfolder = \"x\"\nfolder = \"y\"\n",
            ":3:1: 「folder = \"y\"」：同じ名前がもう上にあります。一つだけ残してください。",
        ),
    ];
    for (text, expected) in table {
        let said = told(text, &[]);
        assert!(said.starts_with(':') && said.contains(expected), "{text}: {said}");
        for foreign in ["expected", "invalid", "unknown", "integer", "nonzero"] {
            assert!(!said.contains(foreign), "{text}: {said}");
            assert!(foreign == "expected" || !told(text, &["--lang", "en"]).contains(foreign), "{text}");
        }
    }
}

#[test]
fn a_file_that_asks_for_english_is_told_of_in_english() {
    let text = "language = \"en\"\n[journal]\nkeep_days = \"九十\"\n";
    let expected = ":3:13: `keep_days = \"九十\"`: this value is not possible; write it like `keep_days = 90`";
    assert_eq!(told(text, &[]), expected);
    assert!(told(text, &["--lang", "ja"]).contains("この値は使えません。"));
    // A file that cannot be read says nothing; the command line does.
    for (arguments, expected) in [
        (&["--config", "nowhere.toml", "ask", "x"][..], "設定ファイル「nowhere.toml」を読めません：ありません（No such file"),
        (
            &["--config", "nowhere.toml", "ask", "x", "--lang", "en"],
            "the settings file `nowhere.toml` cannot be read: it is not there (No",
        ),
        (&["--config", ".", "ask", "x"], "設定ファイル「.」を読めません：ファイルではなくフォルダーです（"),
    ] {
        let output = run(tempfile::tempdir().unwrap().path(), arguments, "");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}

#[test]
fn settings_left_out_have_their_defaults() {
    let settings = Settings::parse("[faq]\nfolder = \"よくある質問\"\n", "config.toml").unwrap();
    assert_eq!(settings.faq.folder.unwrap().to_str(), Some("よくある質問"));
    assert_eq!(settings.answering, Settings::default().answering);
}
