//! What the operating system says when a file cannot be read or written, in words of ours: it speaks English, and not to moderators.
//!
//! Which file it is, and what to do about it, is left to whoever met the trouble.

use std::io::{self, ErrorKind};

use super::Lang;

/// The commonest troubles in plain words, with the system's own behind; all others as they are. They are told by the number at the end of
/// what Rust makes of them: "Permission denied (os error 13)".
pub fn system_words(said: &str, lang: Lang) -> String {
    /// Rust's own words, of a file that should be text.
    const NOT_UTF8: &str = "stream did not contain valid UTF-8";
    let number = said.strip_suffix(')').and_then(|said| said.rsplit_once("(os error ")?.1.parse().ok());
    let (ja, en) = match number.map(|number| io::Error::from_raw_os_error(number).kind()) {
        Some(ErrorKind::PermissionDenied) => ("権限がありません", "no permission"),
        Some(ErrorKind::NotFound) => ("ありません", "it is not there"),
        Some(ErrorKind::IsADirectory) => ("ファイルではなくフォルダーです", "it is a folder, not a file"),
        Some(ErrorKind::NotADirectory) => {
            ("フォルダーのはずの所にファイルがあります", "there is a file where a folder should be")
        }
        Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => ("ディスクに空きがありません", "the disk is full"),
        Some(ErrorKind::ReadOnlyFilesystem) => ("書き込めないディスクです", "the disk cannot be written to"),
        Some(ErrorKind::ResourceBusy) => ("ほかのプログラムが使っています", "another program uses it"),
        _ if said == NOT_UTF8 => ("文字コードがUTF-8ではありません", "it is not UTF-8"),
        _ => return said.to_owned(),
    };
    match lang {
        Lang::Ja => format!("{ja}（{said}）"),
        Lang::En => format!("{en} ({said})"),
    }
}
