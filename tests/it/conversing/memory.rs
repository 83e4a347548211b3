//! What a conversation remembers is bounded, and no clock and no order of events upsets it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use medse_bot::answering::Question;
use medse_bot::conversation::{
    Asked, Author, Call, Conversation, Heard, Permit, QUESTION_KNOWN_FOR, QUESTIONS_A_MINUTE, Quiet, Saying, Text, Turn,
};
use medse_bot::faq::Lang;
use proptest::prelude::*;

use super::speaking::{MINUTE, question};
use crate::support::id;

const MANY: u64 = 100_000;
/// A few thousand of each kind: so little that nobody needs to think about it.
const ENOUGH: usize = 10_000;

/// Makes a conversation remember the nth of something.
type Remember = fn(&mut Conversation, u64, Duration);

const EARLY: Duration = Duration::from_secs(1);

fn asked(member: u64) -> Arc<Asked> {
    Arc::new(Asked {
        at: EARLY, member, question: Question::new("夜勤はある？", Lang::Ja), asked_in: None, rejected: Vec::new()
    })
}

#[test]
fn a_question_is_known_for_an_hour_to_its_member_alone_and_goes_with_its_message() {
    let mut conversation = Conversation::default();
    for (with, member) in [(10, 1), (11, 1), (12, 2), (13, 2)] {
        conversation.note_question(with, &asked(member));
    }
    assert_eq!(conversation.question(10, 1, EARLY), Some(asked(1)));
    assert_eq!(conversation.question(10, 2, EARLY), None, "somebody else's");
    assert_eq!(conversation.question(10, 1, EARLY + QUESTION_KNOWN_FOR), None, "too long ago");
    conversation.forget(12);
    assert_eq!((conversation.question(12, 2, EARLY), conversation.question(13, 2, EARLY)), (None, Some(asked(2))));
    conversation.forget_member(1);
    assert_eq!((conversation.question(10, 1, EARLY), conversation.question(11, 1, EARLY)), (None, None));
    assert_eq!(conversation.question(13, 2, EARLY), Some(asked(2)));
    // Carried on with a press it is no younger, and goes with the message it stands in.
    let said = Arc::new(Asked { asked_in: Some((1, 20)), ..Asked::clone(&asked(3)) });
    conversation.note_question(20, &said);
    conversation.note_question(21, &said);
    conversation.tidy(QUESTION_KNOWN_FOR);
    assert_eq!(conversation.question(21, 3, EARLY), Some(said));
    conversation.forget(20);
    assert_eq!((conversation.question(20, 3, EARLY), conversation.question(21, 3, EARLY)), (None, None));
    // A text does not stay because nobody writes.
    let before = conversation.remembered();
    conversation.tidy(EARLY + QUESTION_KNOWN_FOR);
    assert_eq!(conversation.remembered(), before - 1);
}

#[test]
fn a_hundred_thousand_members_and_entries_do_not_grow_what_is_remembered() {
    let now = Duration::from_secs(1);
    let kinds: [(&str, usize, Remember); 6] = [
        ("members who ask", ENOUGH, |conversation, member, now| assert!(conversation.may_ask(member, now))),
        ("members told to wait, and messages heard", 3 * ENOUGH, |conversation, member, now| {
            for nth in 0..=QUESTIONS_A_MINUTE as u64 {
                conversation.hear(&Heard { call: Call::Direct, ..question(member * 10 + nth, member) }, now);
            }
        }),
        ("members told how to ask", 3 * ENOUGH, |conversation, member, now| {
            let heard = Heard { text: Text::Withheld, ..question(member, member) };
            assert_eq!(conversation.hear(&heard, now), Turn::Hint);
        }),
        ("declines", ENOUGH, |conversation, member, now| {
            assert_eq!(conversation.permit(member % 7, member, Saying::Decline, now), Permit::Speak);
        }),
        ("questions", 1_000, |conversation, nth, _| conversation.note_question(nth, &asked(nth))),
        ("answers", ENOUGH, |conversation, nth, now| conversation.answered(10, &id(&format!("e-{nth}")), Lang::Ja, nth, now)),
    ];
    for (kind, bound, remember) in kinds {
        let mut conversation = Conversation::default();
        let mut most = 0;
        for nth in 0..if bound == 3 * ENOUGH { MANY / 4 } else { MANY } {
            remember(&mut conversation, nth, now);
            most = most.max(conversation.remembered());
        }
        assert!(most <= bound, "{kind}: {most} remembered");
        // Time alone makes room again: what is kept is not only cleared when all of it is young.
        remember(&mut conversation, MANY, now + 48 * 60 * MINUTE);
        assert!(conversation.remembered() <= bound, "{kind}");
    }
}

#[test]
fn what_is_forgotten_costs_a_repetition_and_what_is_fresh_is_kept_where_there_is_room() {
    let mut conversation = Conversation::default();
    let fresh = id("fresh");
    for nth in 1..ENOUGH as u64 {
        conversation.answered(10, &id(&format!("old-{nth}")), Lang::Ja, nth, Duration::ZERO);
    }
    conversation.answered(10, &fresh, Lang::Ja, MANY, 4 * MINUTE);
    conversation.answered(10, &id("one-more"), Lang::Ja, MANY + 1, 5 * MINUTE);
    assert_eq!(
        conversation.permit(10, 1, Saying::Answer(&fresh, Lang::Ja), 5 * MINUTE),
        Permit::PointTo(MANY),
        "the old ones made room"
    );
    assert_eq!(conversation.remembered(), 2);

    for member in 0..=ENOUGH as u64 {
        assert_eq!(conversation.permit(10, member, Saying::Decline, 5 * MINUTE), Permit::Speak);
    }
    assert_eq!(conversation.permit(10, 0, Saying::Decline, 5 * MINUTE), Permit::Speak, "forgotten: said a second time, no worse");
}

#[test]
fn a_message_is_known_again_after_four_thousand_others() {
    let mut conversation = Conversation::default();
    for message in 0..4_096 {
        conversation.hear(&question(message, message), Duration::ZERO);
    }
    assert_eq!(conversation.hear(&question(0, 0), Duration::ZERO), Turn::Silence(Quiet::HeardBefore));
    conversation.hear(&question(4_096, 4_096), Duration::ZERO);
    assert_eq!(conversation.hear(&question(0, 0), Duration::ZERO), Turn::Answer);
}

#[test]
fn a_clock_that_stands_still_or_goes_back_makes_us_quieter_at_most() {
    let mut conversation = Conversation::default();
    let hour = 60 * MINUTE;
    let nights = id("night-shift");
    let withheld = |message| Heard { text: Text::Withheld, ..question(message, 2) };
    for message in 0..6 {
        assert_eq!(conversation.hear(&question(message, 1), hour), Turn::Answer);
    }
    conversation.answered(10, &nights, Lang::Ja, 501, hour);
    assert_eq!(conversation.permit(10, 1, Saying::Decline, hour), Permit::Speak);
    assert_eq!(conversation.hear(&withheld(50), hour), Turn::Hint);
    for (message, now) in [(60, hour), (70, 59 * MINUTE), (80, Duration::ZERO)] {
        assert_eq!(conversation.hear(&question(message, 1), now), Turn::Silence(Quiet::TooFast), "{now:?}");
        assert_eq!(conversation.hear(&withheld(message + 1), now), Turn::Silence(Quiet::Hinted), "{now:?}");
        assert_eq!(conversation.permit(10, 1, Saying::Answer(&nights, Lang::Ja), now), Permit::PointTo(501), "{now:?}");
        assert_eq!(conversation.permit(10, 1, Saying::Decline, now), Permit::Silence(Quiet::DeclinedBefore), "{now:?}");
    }
    assert_eq!(conversation.hear(&question(90, 1), Duration::MAX), Turn::Answer);
    assert_eq!(conversation.permit(10, 1, Saying::Answer(&nights, Lang::Ja), Duration::MAX), Permit::Speak);
}

/// Something that happens to a conversation.
#[derive(Clone, Debug)]
enum Event {
    Heard(Heard),
    Asked(u64),
    Said {
        channel: u64,
        member: u64,
        entry: Option<usize>,
    },
    Answered {
        channel: u64,
        entry: usize,
        message: u64,
    },
    Forgot(u64),
    Passed(u64),
    /// The clock goes back.
    Back(u64),
}

fn event() -> impl Strategy<Value = Event> {
    use Author::{Bot, Ignored, Ourselves, Person, Service, Webhook};
    let author = prop_oneof![8 => Just(Person), 1 => prop::sample::select(vec![Ignored, Bot, Webhook, Ourselves, Service])];
    let call = prop::sample::select(vec![Call::Nobody, Call::Mention, Call::Role, Call::Reply, Call::Direct]);
    let text = || prop::sample::select(vec![Text::Written, Text::Empty, Text::Withheld]);
    let heard = (0..500_u64, 0..3_u64, author, call, text(), prop::option::of(text())).prop_map(
        |(message, member, author, call, text, referenced)| Heard {
            message,
            is_edit: false,
            member,
            author,
            call,
            text,
            referenced,
        },
    );
    prop_oneof![
        8 => heard.prop_map(Event::Heard),
        4 => (0..3_u64).prop_map(Event::Asked),
        4 => (0..2_u64, 0..3_u64, prop::option::of(0..3_usize))
            .prop_map(|(channel, member, entry)| Event::Said { channel, member, entry }),
        2 => (0..2_u64, 0..3_usize, 0..9_u64).prop_map(|(channel, entry, message)| Event::Answered { channel, entry, message }),
        1 => (0..9_u64).prop_map(Event::Forgot),
        6 => (0..20_000_u64).prop_map(Event::Passed),
        1 => (0..700_000_u64).prop_map(Event::Passed),
        1 => any::<u64>().prop_map(Event::Back),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_panics_and_nobody_is_answered_more_than_six_times_a_minute(
        events in prop::collection::vec(event(), 0..200),
        goes_back in any::<bool>(),
    ) {
        let mut conversation = Conversation::default();
        let mut now = Duration::ZERO;
        let mut taken: HashMap<u64, Vec<Duration>> = HashMap::new();
        let entries = [id("a"), id("b"), id("c")];
        for event in events {
            match event {
                Event::Heard(heard) => {
                    let turn = conversation.hear(&heard, now);
                    let refused = matches!(turn, Turn::AskForPatience | Turn::Silence(_));
                    prop_assert!(refused || heard.author == Author::Person && heard.call != Call::Nobody, "{heard:?}: {turn:?}");
                    if !refused {
                        taken.entry(heard.member).or_default().push(now);
                    }
                }
                Event::Asked(member) => if conversation.may_ask(member, now) {
                    taken.entry(member).or_default().push(now);
                },
                Event::Said { channel, member, entry } => {
                    let saying = entry.map_or(Saying::Decline, |entry| Saying::Answer(&entries[entry], Lang::Ja));
                    conversation.permit(channel, member, saying, now);
                }
                Event::Answered { channel, entry, message } => {
                    conversation.answered(channel, &entries[entry], Lang::Ja, message, now);
                    let permit = conversation.permit(channel, 0, Saying::Answer(&entries[entry], Lang::Ja), now);
                    prop_assert_eq!(permit, Permit::PointTo(message));
                }
                Event::Forgot(message) => conversation.forget(message),
                Event::Passed(milliseconds) => now += Duration::from_millis(milliseconds),
                Event::Back(milliseconds) if goes_back => now = now.saturating_sub(Duration::from_millis(milliseconds)),
                Event::Back(_) => {}
            }
        }
        for times in taken.values().filter(|_| !goes_back) {
            let in_a_minute = |from: &Duration| times.iter().filter(|at| *at >= from && **at < *from + MINUTE).count();
            prop_assert!(times.iter().all(|from| in_a_minute(from) <= QUESTIONS_A_MINUTE), "{:?}", times);
        }
    }
}
