//! Any FAQ file and any text a moderator could type: the file is left alone, or says the new text and keeps all other entries as they were.
//! What is typed stands before the first NUL, the file behind it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medse_bot::faq::edit::{Change, Edit, edit};
use medse_bot::faq::{EntryId, Faq, Lang, Source, load};

fn loaded(text: &str) -> Faq {
    load(&[Source { name: "t.yaml".into(), content: Ok(text.as_bytes().to_vec().into()) }], Lang::Ja).faq
}

fuzz_target!(|text: &str| {
    let Some((typed, file)) = text.split_once('\0') else { return };
    let before = loaded(file);
    let lines: Vec<String> = typed.lines().map(str::to_owned).collect();
    let changes = [Change::Answer(Lang::Ja, typed.to_owned()), Change::AlsoAsked(lines)];
    let new = EntryId::new("added-by-hand").expect("an id");
    let first = before.entries.first().map(|entry| entry.id.clone());
    let mut edits = vec![Edit::Add(&new, &changes)];
    if let Some(first) = &first {
        edits.extend([Edit::Change(first, &changes), Edit::Change(first, &changes[..1]), Edit::Remove(first)]);
    }
    for wanted in &edits {
        let Ok(after) = edit("t.yaml", file, Lang::Ja, wanted) else { continue };
        if let Edit::Change(..) = wanted {
            let again = edit("t.yaml", &after, Lang::Ja, wanted);
            assert_eq!(again.as_deref(), Ok(after.as_str()), "the same once more changes nothing");
        }
        // An entry whose wordings another one has taken is another question than whether the text is whole.
        let others = |faq: &Faq| {
            let other = |id: &EntryId| *id != new && first.as_ref() != Some(id);
            faq.entries.iter().filter(|entry| other(&entry.id)).map(|entry| (entry.id.clone(), entry.answer.clone())).collect::<Vec<_>>()
        };
        assert_eq!(others(&loaded(&after)), others(&before));
    }
});
