//! draft
use medse_bot::*;
fn main(){
    let lib = knowledge::Library::Folder("faq".into());
    let sources = lib.sources().unwrap();
    let built = knowledge::Knowledge::build(&sources, faq::Lang::Ja);
    let verbose = std::env::args().nth(2).is_some();
    if std::env::args().nth(1).as_deref() == Some("check") {
    for d in &built.diagnostics {
        let src = sources.iter().find(|s| s.name==d.place.file).and_then(|s| String::from_utf8(s.content.clone().unwrap()).ok());
        if verbose { println!("{}\n", d.render(src.as_deref(), faq::Lang::Ja, false)); } else { println!("{} {}", d.problem.code(), d.summary(faq::Lang::En)); }
    } return; }
    let k = built.knowledge.unwrap();
    if std::env::args().nth(1).as_deref() == Some("care") {
        let quiet = std::env::args().nth(3).is_some();
        let (mut hit, mut n, mut fp, mut m, mut right) = (0,0,0,0,0);
        for l in std::fs::read_to_string(std::env::args().nth(2).unwrap()).unwrap().lines() {
            let v: serde_json::Value = serde_json::from_str(l).unwrap();
            let q = v["question"].as_str().unwrap();
            let want = v["care"].as_str();
            let got = k.judge().care_entry(&answering::Question::new(q, faq::Lang::Ja).text).map(|e| k.faq.entries[e].id.to_string());
            if want.is_some() { n+=1; if got.is_some() {hit+=1;} if got.as_deref()==want {right+=1;} } else { m+=1; if got.is_some() {fp+=1;} }
            if !quiet && got.as_deref() != want { println!("{want:?} got {got:?}: {q}"); }
        }
        println!("caught {hit}/{n} right {right} false {fp}/{m}");
        return;
    }
    for f in std::env::args().nth(1).unwrap().split(',') {
    let text = std::fs::read_to_string(f).unwrap();
    let text: String = text.lines().filter(|l| { let v: serde_json::Value = serde_json::from_str(l).unwrap(); let leak = k.wording_like(v["question"].as_str().unwrap()).is_some(); if leak { eprintln!("LEAK {l}"); } !leak }).collect::<Vec<_>>().join("\n");
    let cases = evaluation::read_table(&text, &k).unwrap();
    let judged = evaluation::judge(&k, cases, &answering::Policy::default());
    println!("{:.3?}", evaluation::figures(&judged));
    println!("en {:.3?}", evaluation::figures(judged.iter().filter(|j| j.case.lang==Some(faq::Lang::En))));
    if verbose { for j in &judged {
        let bad = if j.in_scope() { !j.is_direct() } else { j.is_wrong() || j.case.signpost.is_some() && j.entries.first().map(|e| e.to_string()) != j.case.signpost };
        if bad || (j.outcome==answering::Outcome::Care && j.case.care.is_none()) { println!("{} {:?} {:?} want {:?}{:?} got {:?}", j.case.question, j.outcome, j.rank(), j.case.accept, j.case.signpost, j.ranking.iter().take(3).map(|(i,s)| format!("{i} {s:.2}")).collect::<Vec<_>>()); }
    } } }
}
