//! `init` and `schema`: a folder to keep a FAQ in, with what an editor needs.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use super::diff::{BASE_FILE, base_with};
use super::{FINE, Failure, unusable};
use crate::faq::{self, Lang, Source};
use crate::knowledge::Library;
use crate::settings;

/// JSON for people to read.
pub fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON values always serialise")
}

/// The example of an entry, in the FAQ's folder, and its text.
pub const TEMPLATE_FILE: &str = "template.yaml";
pub const TEMPLATE: &str = include_str!("template.yaml");
const EDITOR_SETTINGS: &str = r#"{
  "yaml.schemas": {
    "./faq/faq.schema.json": ["faq/*.yaml", "!faq/vocabulary.yaml"],
    "./faq/vocabulary.schema.json": ["faq/vocabulary.yaml"]
  },
  "files.encoding": "utf8",
  "editor.tabSize": 2,
  "editor.insertSpaces": true
}
"#;

/// Writes what is not there yet; nothing is overwritten, but that in the note of what was copied stands what is copied now.
pub fn init(folder: &Path, lang: Lang) -> Result<ExitCode, Failure> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = vec![
        (PathBuf::from("config.toml"), settings::EXAMPLE.into()),
        (PathBuf::from(".vscode/settings.json"), EDITOR_SETTINGS.into()),
        (PathBuf::from("faq/faq.schema.json"), pretty(&faq::schema()).into()),
        (PathBuf::from("faq/vocabulary.schema.json"), pretty(&faq::vocabulary_schema()).into()),
        (Path::new("faq").join(TEMPLATE_FILE), TEMPLATE.into()),
    ];
    let shipped = Library::Shipped.sources()?;
    // What has been edited is no copy of today's: who changed it is then not known.
    let copied: Vec<Source> = shipped.iter().filter(|source| !folder.join("faq").join(&source.name).exists()).cloned().collect();
    let base = folder.join("faq").join(BASE_FILE);
    let noted = base_with(&base, &copied, lang).map_err(unusable)?;
    let is_noted = std::fs::read_to_string(&base).is_ok_and(|text| text == noted);
    files.extend(Library::shipped_files().map(|(name, content)| (Path::new("faq").join(name), content.to_vec())));
    let mut out = anstream::stdout();
    // First: what is noted and not copied yet is copied by the next `init`.
    std::fs::create_dir_all(folder.join("faq")).with_context(|| folder.display().to_string()).map_err(unusable)?;
    if !is_noted {
        std::fs::write(&base, noted).with_context(|| base.display().to_string()).map_err(unusable)?;
    }
    for (name, content) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).with_context(|| parent.display().to_string()).map_err(unusable)?;
        let outcome = match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                if let Err(error) = file.write_all(&content) {
                    // Half a file would be kept by the next run as somebody's own.
                    drop(std::fs::remove_file(&path));
                    return Err(anyhow::Error::new(error).context(path.display().to_string()).into());
                }
                made(lang)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => kept(lang),
            Err(error) => return Err(unusable(anyhow::Error::new(error).context(path.display().to_string()))),
        };
        writeln!(out, "{outcome} {}", path.display())?;
    }
    writeln!(out, "{} {}", if is_noted { kept(lang) } else { made(lang) }, base.display())?;
    writeln!(out, "{}", next_step(lang))?;
    Ok(FINE)
}

fn made(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "作成",
        Lang::En => "made",
    }
}

fn kept(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "そのまま",
        Lang::En => "kept",
    }
}

fn next_step(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "faq/ の YAML を書き換えて、medse-bot check で確かめてください。新しい項目は faq/template.yaml が見本です。",
        Lang::En => "Edit the YAML in faq/ and run `medse-bot check`; faq/template.yaml shows how to write a new entry.",
    }
}
