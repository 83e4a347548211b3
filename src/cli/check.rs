//! `check`: everything that is wrong with a FAQ, and the reports on it. What is wrong is found by [`crate::faq`] and [`crate::knowledge`].

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::words::{self, check_summary, drawn};
use super::{FINE, Failure, House, review, unusable};
use crate::faq::{self, Lang};
use crate::knowledge::Library;

/// How findings are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The folder or file [default: the FAQ in use]
    path: Option<PathBuf>,
    /// How to write the findings
    #[arg(long, default_value = "text")]
    format: Format,
    /// Also report entries whose last review is more than a year before this day, or will be within 30 days, or never was, or is later.
    /// A report: it never changes the exit code
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
    /// Also open every link of the FAQ; answers of the last day are reused
    #[arg(long)]
    links: bool,
    /// Also report what is not covered: entries without a language, with fewer than five wordings in one, or without
    /// `must_find`, and words of the vocabulary that no entry uses. A report, too
    #[arg(long)]
    coverage: bool,
}

impl House {
    /// Shows findings and the reports that were asked for. Errors and dead links fail.
    pub fn check(&self, arguments: CheckArguments) -> Result<ExitCode, Failure> {
        let CheckArguments { path, format, today, links, coverage } = arguments;
        let lang = self.message_lang();
        let (library, only) = self.chosen(path, lang)?;
        let day = |day: &String| faq::parse_date(day).map_err(|_| unusable(anyhow::Error::msg(words::no_day(day, lang))));
        let today = today.as_ref().map(day).transpose()?;
        let overlooked = if only.is_none() { library.overlooked() } else { Vec::new() };
        let (mut sources, built) = self.build(&library)?;
        let mut built = built.check_by_searching();
        if let Some(only) = only {
            sources.retain(|source| source.name == only);
            built.diagnostics.retain(|diagnostic| diagnostic.place.file == only);
        }
        let mut out = anstream::stdout();
        match format {
            Format::Json => {
                for diagnostic in &built.diagnostics {
                    writeln!(out, "{}", diagnostic.json(lang))?;
                }
            }
            Format::Text => {
                writeln!(out, "{}", check_summary(&built, &sources, lang))?;
                for diagnostic in &built.diagnostics {
                    writeln!(out, "\n{}", drawn(diagnostic, &sources, lang))?;
                }
            }
        }
        if let Some(group) = review::overlooked(overlooked, lang) {
            writeln!(out, "{}", group.written(format))?;
        }
        if let Some(knowledge) = &built.knowledge {
            let due = today.map(|today| review::freshness(knowledge, &sources, today, lang)).unwrap_or_default();
            let uncovered = if coverage { review::coverage(knowledge, &sources, lang) } else { Vec::new() };
            for group in due.iter().chain(&uncovered) {
                writeln!(out, "{}", group.written(format))?;
            }
        }
        let has_dead_links = match &built.knowledge {
            Some(knowledge) if links => self.check_links(&knowledge.faq, &sources, format)?,
            _ => false,
        };
        let is_clean = !built.has_errors() && built.knowledge.is_some() && !has_dead_links;
        Ok(if is_clean { FINE } else { ExitCode::from(1) })
    }

    /// The folder that is checked, and the file in it whose findings are shown, if it is only one's.
    fn chosen(&self, path: Option<PathBuf>, lang: Lang) -> Result<(Library, Option<String>), Failure> {
        let library = self.library();
        let Some(path) = path else { return Ok((library, None)) };
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => Ok((Library::Folder(path), None)),
            // Its folder is read: entries name each other, and may say the same.
            Ok(_) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if !Library::reads(&name) {
                    return Err(unusable(anyhow::Error::msg(words::not_yaml(&name, lang))));
                }
                Ok((Library::Folder(path.with_file_name("").join(".")), Some(name)))
            }
            Err(error) => {
                let inside = match &library {
                    Library::Folder(folder) => Some(folder.join(&path)).filter(|inside| inside.exists()),
                    Library::Shipped => None,
                };
                Err(unusable(anyhow::Error::msg(words::nothing_there(&path, &error, inside.as_deref(), lang))))
            }
        }
    }
}
