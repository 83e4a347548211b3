//! May we speak? Who is answered, how often, and where the bot points at what stands above: tables with their exact edges.

use std::time::Duration;

use medse_bot::conversation::{
    Author, Call, Conversation, Heard, Overheard, Permit, QUESTIONS_A_MINUTE, Quiet, Remark, Saying, Text, Turn,
};
use medse_bot::faq::Lang;

use crate::support::id;

pub const MINUTE: Duration = Duration::from_mins(1);
const START: Duration = Duration::ZERO;

const CALLS: [Call; 6] = [Call::Nobody, Call::Mention, Call::Role, Call::Reply, Call::Direct, Call::Overheard];
const TEXTS: [Text; 3] = [Text::Written, Text::Empty, Text::Withheld];
const REFERENCED: [Option<Text>; 4] = [None, Some(Text::Written), Some(Text::Empty), Some(Text::Withheld)];

/// What is true until an edge is true the shortest time there is before it.
fn just_before(edge: Duration) -> Duration {
    edge.saturating_sub(Duration::from_nanos(1))
}

/// A question of a person by mention.
pub fn question(message: u64, member: u64) -> Heard {
    Heard { message, is_edit: false, member, author: Author::Person, call: Call::Mention, text: Text::Written, referenced: None }
}

#[test]
fn only_people_who_call_us_get_a_word() {
    use Author::{Bot, Ignored, Ourselves, Person, Service, Webhook};
    for author in [Person, Ignored, Bot, Webhook, Ourselves, Service] {
        for call in CALLS {
            for text in TEXTS {
                for referenced in REFERENCED {
                    let heard = Heard { message: 1, is_edit: false, member: 1, author, call, text, referenced };
                    let expected = match (author, call, text, referenced) {
                        (Ignored | Bot | Webhook | Ourselves | Service, ..) => Turn::Silence(Quiet::NoAsker(author)),
                        (Person, Call::Nobody, ..) => Turn::Silence(Quiet::NotAddressed),
                        (.., Text::Written, _) => Turn::Answer,
                        (_, Call::Overheard, ..) => Turn::Silence(Quiet::NotAddressed),
                        (.., Text::Empty, None | Some(Text::Empty)) => Turn::Greet,
                        (.., Text::Empty, Some(Text::Written)) => Turn::AnswerReferenced,
                        (.., Text::Empty, Some(Text::Withheld)) | (.., Text::Withheld, _) => Turn::Hint,
                    };
                    assert_eq!(Conversation::default().hear(&heard, START), expected, "{heard:?}");
                }
            }
        }
    }
}

#[test]
fn what_was_overheard_waits_until_a_person_answers_it() {
    // Message 1 asks in channel 10, by member 1. Who else says what, where, and whether it still waits.
    let table = [
        ((10, 2, None, false), false),
        ((10, 2, None, true), true),
        ((10, 2, Some(1), true), false),
        ((10, 2, Some(1), false), false),
        ((10, 2, Some(9), false), true),
        ((10, 1, None, false), true),
        ((10, 1, Some(1), false), true),
        ((20, 2, None, false), true),
        // In the thread that was opened on the message.
        ((1, 2, None, true), false),
        ((1, 1, None, false), true),
    ];
    for ((channel, member, replies_to, asks), waits) in table {
        let mut overheard = Overheard::default();
        assert!(overheard.wait(1, 10, 1, "資格は必要？"));
        overheard.reword(1, "資格は必須？", START);
        overheard.reword(2, "夜勤はある？", START);
        let said = Remark { channel, member, replies_to, asks };
        overheard.spoke(said);
        assert_eq!(overheard.is_any(), waits);
        assert_eq!(overheard.take(1).as_deref(), waits.then_some("資格は必須？"), "{said:?}");
        assert_eq!((overheard.take(1), overheard.take(2)), (None, None));
        // Delivered once more, or changed, it is not asked again.
        overheard.reword(1, "資格は？", START);
        assert!(!overheard.wait(1, 10, 1, "資格は必要？"));
    }
}

#[test]
fn a_change_may_be_heard_before_what_it_changes_and_is_not_kept_for_long() {
    let later = Duration::from_secs(10);
    for (now, expected) in [(just_before(later), "資格は必須？"), (later, "資格は必要？")] {
        let mut overheard = Overheard::default();
        overheard.reword(1, "資格は？", START);
        overheard.reword(1, "資格は必須？", START);
        (0..98).for_each(|message| overheard.reword(2 + message, "夜勤は？", START));
        overheard.tidy(now);
        overheard.wait(1, 10, 1, "資格は必要？");
        assert_eq!(overheard.take(1).as_deref(), Some(expected), "{now:?}");
    }
    // Deleted, forgotten, or one too many.
    let mut overheard = Overheard::default();
    overheard.reword(1, "資格は？", START);
    assert_eq!((overheard.take(1), overheard.remembered()), (None, 0));
    let waits = (0..2_000).filter(|message| overheard.wait(*message, 10, message % 2, "資格は必要？")).count();
    assert_eq!(waits, 1_000);
    overheard.forget_member(1);
    assert_eq!((0..2_000).filter(|message| overheard.take(*message).is_some()).count(), 500);
}

#[test]
fn a_message_delivered_twice_is_answered_once() {
    let mut conversation = Conversation::default();
    assert_eq!(conversation.hear(&question(1, 1), START), Turn::Answer);
    assert_eq!(conversation.hear(&question(1, 1), START), Turn::Silence(Quiet::HeardBefore));
    assert_eq!(conversation.hear(&question(1, 1), START + 24 * 60 * MINUTE), Turn::Silence(Quiet::HeardBefore));
    assert_eq!(conversation.hear(&question(2, 1), START), Turn::Answer);
    // One that was refused for its haste is not answered by a second delivery either.
    for message in 3..=8 {
        conversation.hear(&question(message, 1), START);
    }
    assert_eq!(conversation.hear(&question(8, 1), START + MINUTE), Turn::Silence(Quiet::HeardBefore));
}

#[test]
fn what_was_not_for_us_may_come_again_for_us() {
    let mut conversation = Conversation::default();
    let overheard = Heard { call: Call::Nobody, ..question(1, 1) };
    assert_eq!(conversation.hear(&overheard, START), Turn::Silence(Quiet::NotAddressed));
    assert_eq!(conversation.hear(&question(1, 1), START), Turn::Answer);
}

#[test]
fn six_questions_a_minute_are_answered_and_a_seventh_waits_for_the_first_to_pass() {
    let second = Duration::from_secs(1);
    let mut conversation = Conversation::default();
    let mut message = 0;
    let mut ask = |member: u64, now: Duration| {
        message += 1;
        conversation.hear(&question(message, member), now)
    };
    let too_fast = Turn::Silence(Quiet::TooFast);
    for nth in 0..6 {
        assert_eq!(ask(1, nth * second), Turn::Answer, "question {}", nth + 1);
    }
    // (when, what becomes of it): refused questions do not count, so a place is free as soon as the first of the six is a minute old.
    let table = [
        (5 * second, too_fast),
        (30 * second, too_fast),
        (just_before(MINUTE), too_fast),
        (MINUTE, Turn::Answer),
        (MINUTE, too_fast),
        (just_before(MINUTE + second), too_fast),
        (MINUTE + second, Turn::Answer),
        (MINUTE + 5 * second, Turn::Answer),
        (MINUTE + 5 * second, Turn::Answer),
        (3 * MINUTE, Turn::Answer),
    ];
    for (now, expected) in table {
        assert_eq!(ask(1, now), expected, "at {now:?}");
    }
    assert_eq!(ask(2, START), Turn::Answer, "others are not affected");
}

#[test]
fn questions_of_every_door_count_together() {
    let mut conversation = Conversation::default();
    for nth in 0..QUESTIONS_A_MINUTE as u64 {
        let may = if nth % 2 == 0 {
            conversation.may_ask(1, START)
        } else {
            conversation.hear(&question(nth, 1), START) == Turn::Answer
        };
        assert!(may, "question {nth}");
    }
    assert!(!conversation.may_ask(1, START));
    assert_eq!(conversation.hear(&question(99, 1), START), Turn::Silence(Quiet::TooFast));
    assert!(conversation.may_ask(2, START) && conversation.may_ask(1, MINUTE));
}

#[test]
fn whoever_is_alone_with_us_is_asked_for_patience_once_a_minute() {
    let mut conversation = Conversation::default();
    let mut message = 0;
    let mut ask = |member: u64, call: Call, now: Duration| {
        message += 1;
        conversation.hear(&Heard { call, ..question(message, member) }, now)
    };
    let told_at = Duration::from_secs(1);
    for _ in 0..6 {
        assert_eq!(ask(1, Call::Direct, START), Turn::Answer);
    }
    assert_eq!(
        ask(1, Call::Mention, START),
        Turn::Silence(Quiet::TooFast),
        "among others nothing is said, and it does not count as told"
    );
    assert_eq!(ask(1, Call::Direct, told_at), Turn::AskForPatience);
    assert_eq!(ask(1, Call::Direct, just_before(MINUTE)), Turn::Silence(Quiet::TooFast));
    for _ in 0..6 {
        assert_eq!(ask(1, Call::Direct, MINUTE), Turn::Answer);
    }
    assert_eq!(ask(1, Call::Direct, just_before(told_at + MINUTE)), Turn::Silence(Quiet::TooFast));
    assert_eq!(ask(1, Call::Direct, told_at + MINUTE), Turn::AskForPatience);
    for _ in 0..6 {
        assert_eq!(ask(2, Call::Direct, START), Turn::Answer);
    }
    assert_eq!(ask(2, Call::Direct, START), Turn::AskForPatience, "each is told for themselves");
}

#[test]
fn that_a_message_cannot_be_read_is_said_once_a_day() {
    let day = 24 * 60 * MINUTE;
    let table = [
        (1, START, Turn::Hint),
        (1, START, Turn::Silence(Quiet::Hinted)),
        (2, START, Turn::Hint),
        (1, just_before(day), Turn::Silence(Quiet::Hinted)),
        (1, day, Turn::Hint),
        (1, just_before(2 * day), Turn::Silence(Quiet::Hinted)),
        (1, 2 * day, Turn::Hint),
    ];
    let mut conversation = Conversation::default();
    for (message, (member, now, expected)) in (1..).zip(table) {
        let heard = Heard { call: Call::Role, text: Text::Withheld, ..question(message, member) };
        assert_eq!(conversation.hear(&heard, now), expected, "member {member} at {now:?}");
    }
}

#[test]
fn an_answer_of_the_last_five_minutes_is_pointed_at() {
    let (nights, licence) = (id("night-shift"), id("licence-needed"));
    let five = 5 * MINUTE;
    let mut conversation = Conversation::default();
    conversation.answered(10, &nights, Lang::Ja, 501, START);
    // (channel, entry, when, what is permitted)
    let table = [
        (10, &nights, START, Permit::PointTo(501)),
        (10, &nights, just_before(five), Permit::PointTo(501)),
        // To be pointed at keeps no answer young.
        (10, &nights, five, Permit::Speak),
        (11, &nights, START, Permit::Speak),
        (10, &licence, START, Permit::Speak),
    ];
    for (channel, entry, now, expected) in table {
        for member in [1, 2] {
            let permit = conversation.permit(channel, member, Saying::Answer(entry, Lang::Ja), now);
            assert_eq!(permit, expected, "{entry} in {channel} at {now:?}");
        }
    }
    conversation.answered(10, &nights, Lang::Ja, 502, five);
    assert_eq!(
        conversation.permit(10, 1, Saying::Answer(&nights, Lang::Ja), five),
        Permit::PointTo(502),
        "the later one is pointed at"
    );
    assert_eq!(conversation.permit(10, 1, Saying::Answer(&nights, Lang::Ja), 2 * five), Permit::Speak);
}

#[test]
fn what_is_no_longer_there_is_not_pointed_at() {
    let (nights, licence) = (id("night-shift"), id("licence-needed"));
    let mut conversation = Conversation::default();
    conversation.answered(10, &nights, Lang::Ja, 501, START);
    conversation.answered(10, &licence, Lang::Ja, 502, START);
    conversation.forget(999);
    assert_eq!(conversation.permit(10, 1, Saying::Answer(&nights, Lang::Ja), START), Permit::PointTo(501));
    conversation.forget(501);
    assert_eq!(conversation.permit(10, 1, Saying::Answer(&nights, Lang::Ja), START), Permit::Speak);
    assert_eq!(conversation.permit(10, 1, Saying::Answer(&licence, Lang::Ja), START), Permit::PointTo(502));
}

#[test]
fn a_second_decline_within_ten_minutes_is_silent() {
    let ten = 10 * MINUTE;
    let silent = Permit::Silence(Quiet::DeclinedBefore);
    // (channel, member, when, what is permitted)
    let table = [
        (10, 1, START, Permit::Speak),
        (10, 1, START, silent),
        (11, 1, START, Permit::Speak),
        (10, 2, START, Permit::Speak),
        (10, 1, just_before(ten), silent),
        // Counted from the one that was said, not from those that were not.
        (10, 1, ten, Permit::Speak),
        (10, 1, just_before(2 * ten), silent),
        (10, 1, 2 * ten, Permit::Speak),
    ];
    let mut conversation = Conversation::default();
    for (channel, member, now, expected) in table {
        let permit = conversation.permit(channel, member, Saying::Decline, now);
        assert_eq!(permit, expected, "member {member} in {channel} at {now:?}");
        assert_eq!(conversation.permit(channel, member, Saying::Other, now), Permit::Speak, "anything else is always said");
    }
}

#[test]
fn an_answer_in_another_language_is_no_answer_to_point_at() {
    let mut conversation = Conversation::default();
    let nights = id("nights");
    conversation.answered(10, &nights, Lang::Ja, 501, START);
    assert_eq!(conversation.permit(10, 1, Saying::Answer(&nights, Lang::En), START), Permit::Speak);
    assert_eq!(conversation.permit(10, 1, Saying::Answer(&nights, Lang::Ja), START), Permit::PointTo(501));
}

#[test]
fn what_could_not_be_said_may_be_said_later() {
    let mut conversation = Conversation::default();
    assert_eq!(conversation.permit(10, 1, Saying::Decline, START), Permit::Speak);
    conversation.unsaid(10, 1);
    assert_eq!(conversation.permit(10, 1, Saying::Decline, START), Permit::Speak);
    assert_eq!(conversation.permit(10, 1, Saying::Decline, START), Permit::Silence(Quiet::DeclinedBefore));
}

#[test]
fn a_private_answer_is_published_once() {
    let mut conversation = Conversation::default();
    // (which private answer, whether it failed before, whether it may go out)
    for (private, has_failed, may) in [(1, false, true), (1, false, false), (2, false, true), (1, true, true), (1, false, false)]
    {
        if has_failed {
            conversation.unpublished(private);
        }
        assert_eq!(conversation.may_publish(private, START), may, "{private}");
    }
}

#[test]
fn a_flood_of_cries_is_met_once_a_minute_in_a_channel() {
    let mut conversation = Conversation::default();
    let minute = Duration::from_mins(1);
    for (channel, member, after, may) in
        [(10, 1, 0, true), (10, 1, 59, false), (11, 1, 59, true), (10, 2, 59, true), (10, 1, 60, true)]
    {
        assert_eq!(conversation.may_console(channel, member, START + after * minute / 60), may, "{channel} {member} {after}");
    }
}
