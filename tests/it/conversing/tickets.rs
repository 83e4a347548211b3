//! Custom ids: every one reads back as it was written, fits, and is refused where it is not ours.

use medse_bot::discord::ticket::{Action, Ticket, UnknownTicket};
use medse_bot::faq::{EntryId, Lang};
use proptest::prelude::*;

use crate::support::id;

const ACTIONS: [Action; 17] = [
    Action::Pick,
    Action::None,
    Action::Solved,
    Action::Wrong,
    Action::Delete,
    Action::ReadOn,
    Action::Ask,
    Action::Asked,
    Action::Share,
    Action::Post,
    Action::Topics,
    Action::Topic,
    Action::Browse,
    Action::Again,
    Action::HandOn,
    Action::Handed,
    Action::Forget,
];

/// As long as Discord's numbers will be in this century.
const SNOWFLAKE: u64 = 9_223_372_036_854_775_807;

#[test]
fn every_ticket_reads_back_as_it_was_written_and_fits() {
    let longest = id(&"a".repeat(EntryId::MAX_LENGTH));
    let entries = [None, Some(id("e")), Some(id("a-1")), Some(id("--a")), Some(longest)];
    let numbers = [None, Some(1), Some(SNOWFLAKE)];
    let mut written = std::collections::HashSet::new();
    for (action, lang) in ACTIONS.into_iter().flat_map(|action| Lang::ALL.map(|lang| (action, lang))) {
        for (entry, asker) in entries.iter().flat_map(|entry| numbers.map(|asker| (entry, asker))) {
            for extra in numbers {
                let ticket = Ticket { action, lang, entry: entry.clone(), asker, extra };
                let text = ticket.to_string();
                assert_eq!(text.parse::<Ticket>(), Ok(ticket), "{text}");
                assert!(text.len() <= 100, "{text} has {} characters", text.len());
                assert!(written.insert(text.clone()), "{text} stands for two tickets");
            }
        }
    }
}

#[test]
fn what_is_not_ours_is_refused() {
    let sound = "v1:pick:ja:night-shift:1:2";
    assert!(sound.parse::<Ticket>().is_ok());
    let table = [
        "",
        ":",
        ":::::",
        "v1",
        "v1:pick:ja:night-shift:1",
        "v1:pick:ja:night-shift:1:2:",
        "v1:pick:ja:night-shift:1:2:3",
        "v1:pick:ja:night-shift:1:2 ",
        " v1:pick:ja:night-shift:1:2",
        "V1:pick:ja:night-shift:1:2",
        "v2:pick:ja:night-shift:1:2",
        "v1:pick:fr:night-shift:1:2",
        "v1:pick::night-shift:1:2",
        "v1:pick:JA:night-shift:1:2",
        "v1:-:ja:night-shift:1:2",
        "v1:Pick:ja:night-shift:1:2",
        "v1:選ぶ:ja:night-shift:1:2",
        "v1:pick:日本語:night-shift:1:2",
        "v1:pick:ja:夜勤:1:2",
        "v1:pick:ja:Night-Shift:1:2",
        "v1:pick:ja::1:2",
        "v1:pick:ja:--:1:2",
        "v1:pick:ja:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeee:1:2",
        "v1:pick:ja:night-shift:0:2",
        "v1:pick:ja:night-shift:1:0",
        "v1:pick:ja:night-shift:-1:2",
        "v1:pick:ja:night-shift:+1:2",
        "v1:pick:ja:night-shift:01:2",
        "v1:pick:ja:night-shift::2",
        "v1:pick:ja:night-shift:１:2",
        "v1:pick:ja:night-shift:一:2",
        "v1:pick:ja:night-shift:18446744073709551616:2",
        "v1：pick：ja：night-shift：1：2",
        "質問する",
    ];
    for text in table {
        assert_eq!(text.parse::<Ticket>(), Err(UnknownTicket), "{text:?}");
    }
}

#[test]
fn an_answer_is_known_again_by_its_buttons() {
    use Action::{Ask, ReadOn, Solved, Wrong};
    for action in ACTIONS {
        let ticket = Ticket::new(action, Lang::Ja).of(Some(1));
        assert!(!ticket.is_of_an_answer(), "{action:?} without an entry");
        let expected = matches!(action, Solved | Wrong | ReadOn | Ask);
        assert_eq!(ticket.about(&id("night-shift")).is_of_an_answer(), expected, "{action:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_is_written_the_same(
        text in "\\PC{0,120}|.{0,40}|v1:(pick|done|topic|more|夜勤):(ja|en|fr|日):[-a-z0-9夜]{0,50}:[-+0-9１]{0,21}:[-+0-9]{0,21}:?",
    ) {
        if let Ok(ticket) = text.parse::<Ticket>() {
            prop_assert_eq!(ticket.to_string(), text);
        }
    }
}
