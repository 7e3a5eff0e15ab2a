//! The rules of the verdict: one total function from an enumerable situation to a call (METHOD E6).
//!
//! Knows no number and no text. Everything it reads is one of a few states, so that the whole table can
//! be enumerated and read by a person; a test prints it.

use super::Call;
use super::axis::AxisState;

/// Whether something failed on evidence: a floor, or one of the gates *active* and *staffed*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// Nothing.
    None,
    /// Only a floor of a worth criterion.
    WorthFloor,
    /// A floor of a delivery criterion, or a gate.
    Delivery,
}

/// What forbids closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protection {
    /// A legal duty, or customers who have nothing else.
    Protected,
    /// A duty may stand behind it and nobody has answered: no closing until somebody does.
    Unanswered,
    /// Nothing.
    Free,
}

/// What closing would do to the channel's contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Closing {
    /// It does something that nobody else does, the others could not carry its load, or its low worth
    /// rests on assumptions.
    Held,
    /// Nothing unique, absorbed, and one survivor covers it.
    Covered,
    /// Nothing unique, absorbed by several together.
    Shared,
    /// It is the weaker of a pair of twins and absorbed.
    Twin,
}

/// The situation of an open channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Active {
    /// Should we have it? `None` for public channels that others own.
    pub worth: Option<AxisState>,
    /// Does it work?
    pub delivery: AxisState,
    /// What failed.
    pub fault: Fault,
    /// What forbids closing.
    pub protection: Protection,
    /// What closing would do.
    pub closing: Closing,
}

/// The state of all gates of one group together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gates {
    /// All pass or do not apply.
    Pass,
    /// None fails, some are unknown.
    Unknown,
    /// One or more fail.
    Fail,
}

/// What rules a candidate out or holds it back before any score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bar {
    /// Nothing.
    None,
    /// Law refused it, or its kind can never identify customers as surely as needed.
    Ruled,
    /// No need is stated, or too few of the facts to know before opening are known.
    TooLittleKnown,
}

/// The situation of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Candidate {
    /// Should we have it? `None` for public channels that others own.
    pub worth: Option<AxisState>,
    /// Would it work?
    pub delivery: AxisState,
    /// What rules it out or holds it back.
    pub bar: Bar,
    /// Safety gates.
    pub safety: Gates,
    /// Readiness gates.
    pub readiness: Gates,
}

/// The situation of a pilot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pilot {
    /// Should we have it? `None` for public channels that others own.
    pub worth: Option<AxisState>,
    /// Does it work?
    pub delivery: AxisState,
    /// What failed.
    pub fault: Fault,
    /// Safety gates.
    pub safety: Gates,
}

/// The situation of any channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Situation {
    /// In use.
    Active(Active),
    /// Proposed.
    Candidate(Candidate),
    /// On trial.
    Pilot(Pilot),
    /// Being closed.
    Retiring,
}

/// A call and the id of its words in `verdicts.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decision {
    /// The call.
    pub call: Call,
    /// Its words.
    pub words: &'static str,
}

const fn decision(call: Call, words: &'static str) -> Decision {
    Decision { call, words }
}

/// The verdict: the first rule that applies.
#[must_use]
pub fn decide(situation: Situation) -> Decision {
    match situation {
        Situation::Active(active) => decide_active(active),
        Situation::Candidate(candidate) => decide_candidate(candidate),
        Situation::Pilot(pilot) => decide_pilot(pilot),
        Situation::Retiring => decision(Call::Drop, "retire"),
    }
}

fn decide_active(it: Active) -> Decision {
    use AxisState::{Above, Below};
    let Some(worth) = it.worth else {
        // One cannot drop being talked about: worth counts as settled and no rule closes it.
        return match (it.fault, it.delivery) {
            (Fault::Delivery, _) | (_, Below) => decision(Call::Fix, "answer-it"),
            (_, Above) => decision(Call::Keep, "answered"),
            (_, AxisState::Across) => decision(Call::Keep, "answered-unproven"),
        };
    };
    // 1 Protected and not worth having: a duty, at the lowest cost that honours it.
    if it.protection == Protection::Protected && worth == Below {
        return if it.fault == Fault::Delivery || it.delivery == Below {
            decision(Call::Fix, "fix-duty")
        } else {
            decision(Call::Keep, "keep-duty")
        };
    }
    let free = it.protection == Protection::Free;
    // 2 Not worth having, and others do all of it.
    if free && worth == Below {
        match it.closing {
            Closing::Covered | Closing::Twin => return decision(Call::Merge, "merge"),
            Closing::Shared => return decision(Call::Drop, "drop"),
            Closing::Held => {}
        }
    }
    // 3 The weaker of a pair of twins.
    if free && it.closing == Closing::Twin {
        return decision(Call::Merge, "merge");
    }
    // 4 It does not work, on evidence.
    if it.fault != Fault::None || it.delivery == Below {
        return decision(Call::Fix, "fix");
    }
    // 5 Worth having, and it works. 6 Otherwise the status quo needs no proof.
    match (worth, it.delivery) {
        (Above, Above) => decision(Call::Keep, "keep"),
        (Below, _) => decision(Call::Keep, "keep-rehouse"),
        _ => decision(Call::Keep, "keep-unproven"),
    }
}

fn decide_candidate(it: Candidate) -> Decision {
    use AxisState::{Above, Below};
    let public = it.worth.is_none();
    let worth = it.worth.unwrap_or(Above);
    // 1 Not worth having, or ruled out.
    if worth == Below || it.bar == Bar::Ruled {
        return decision(Call::Reject, "reject");
    }
    // 2 First find out.
    if it.bar == Bar::TooLittleKnown {
        return decision(Call::Ask, "ask");
    }
    // 3 Something must be true first.
    if it.readiness == Gates::Fail || it.safety != Gates::Pass || it.delivery == Below {
        return decision(Call::Defer, "defer");
    }
    // 4 Ready. 5 Otherwise a trial.
    let (add, pilot) = if public { ("start-listening", "start-listening") } else { ("add", "pilot") };
    if worth == Above && it.delivery == Above && it.readiness == Gates::Pass {
        decision(Call::Add, add)
    } else {
        decision(Call::Pilot, pilot)
    }
}

fn decide_pilot(it: Pilot) -> Decision {
    use AxisState::{Above, Below};
    let worth = it.worth.unwrap_or(Above);
    if it.safety == Gates::Fail || worth == Below || it.delivery == Below {
        return decision(Call::Drop, "stop-trial");
    }
    if worth == Above && it.delivery == Above && it.fault == Fault::None {
        return decision(Call::Add, "make-permanent");
    }
    decision(Call::Pilot, "extend-trial")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const STATES: [AxisState; 3] = [AxisState::Above, AxisState::Across, AxisState::Below];
    const WORTHS: [Option<AxisState>; 4] =
        [Some(AxisState::Above), Some(AxisState::Across), Some(AxisState::Below), None];
    const FAULTS: [Fault; 3] = [Fault::None, Fault::WorthFloor, Fault::Delivery];
    const GATES: [Gates; 3] = [Gates::Pass, Gates::Unknown, Gates::Fail];

    fn all() -> Vec<Situation> {
        let mut all = vec![Situation::Retiring];
        for worth in WORTHS {
            for delivery in STATES {
                for fault in FAULTS {
                    for protection in [Protection::Protected, Protection::Unanswered, Protection::Free] {
                        for closing in [Closing::Held, Closing::Covered, Closing::Shared, Closing::Twin] {
                            all.push(Situation::Active(Active {
                                worth,
                                delivery,
                                fault,
                                protection,
                                closing,
                            }));
                        }
                    }
                    for safety in GATES {
                        all.push(Situation::Pilot(Pilot { worth, delivery, fault, safety }));
                    }
                }
                for bar in [Bar::None, Bar::Ruled, Bar::TooLittleKnown] {
                    for safety in GATES {
                        for readiness in GATES {
                            all.push(Situation::Candidate(Candidate {
                                worth,
                                delivery,
                                bar,
                                safety,
                                readiness,
                            }));
                        }
                    }
                }
            }
        }
        all
    }

    /// The rules of METHOD E6, each written down on its own as a condition; the first that holds gives
    /// the call. Transcribed from the method's text, not from the function above.
    fn rules(situation: Situation) -> Call {
        use AxisState::{Above, Below};
        match situation {
            Situation::Retiring => Call::Drop,
            Situation::Active(a) => {
                let public = a.worth.is_none();
                let w = a.worth.unwrap_or(Above);
                let failed = a.fault != Fault::None && !(public && a.fault == Fault::WorthFloor);
                let rules: [(bool, Call); 8] = [
                    (
                        a.protection == Protection::Protected
                            && w == Below
                            && (a.fault == Fault::Delivery || a.delivery == Below),
                        Call::Fix,
                    ),
                    (a.protection == Protection::Protected && w == Below, Call::Keep),
                    (
                        !public
                            && a.protection == Protection::Free
                            && w == Below
                            && matches!(a.closing, Closing::Covered | Closing::Twin),
                        Call::Merge,
                    ),
                    (
                        !public
                            && a.protection == Protection::Free
                            && w == Below
                            && a.closing == Closing::Shared,
                        Call::Drop,
                    ),
                    (!public && a.protection == Protection::Free && a.closing == Closing::Twin, Call::Merge),
                    (failed || a.delivery == Below, Call::Fix),
                    (w == Above && a.delivery == Above, Call::Keep),
                    (true, Call::Keep),
                ];
                rules.into_iter().find(|(holds, _)| *holds).unwrap().1
            }
            Situation::Candidate(c) => {
                let w = c.worth.unwrap_or(Above);
                let rules = [
                    (w == Below || c.bar == Bar::Ruled, Call::Reject),
                    (c.bar == Bar::TooLittleKnown, Call::Ask),
                    (
                        c.safety == Gates::Fail
                            || c.readiness == Gates::Fail
                            || c.safety == Gates::Unknown
                            || c.delivery == Below,
                        Call::Defer,
                    ),
                    (
                        w == Above
                            && c.delivery == Above
                            && c.safety == Gates::Pass
                            && c.readiness == Gates::Pass,
                        Call::Add,
                    ),
                    (true, Call::Pilot),
                ];
                rules.into_iter().find(|(holds, _)| *holds).unwrap().1
            }
            Situation::Pilot(p) => {
                let w = p.worth.unwrap_or(Above);
                let rules = [
                    (p.safety == Gates::Fail || w == Below || p.delivery == Below, Call::Drop),
                    (w == Above && p.delivery == Above && p.fault == Fault::None, Call::Add),
                    (true, Call::Pilot),
                ];
                rules.into_iter().find(|(holds, _)| *holds).unwrap().1
            }
        }
    }

    /// Prints the whole table (`cargo test verdict_table -- --nocapture`), so that a person can read it.
    #[test]
    fn verdict_table_gives_every_combination_the_call_of_the_first_rule() {
        let all = all();
        assert_eq!(all.len(), 1 + 4 * 3 * (3 * 3 * 4 + 3 * 3 + 3 * 3 * 3));
        let mut table: BTreeMap<Situation, Decision> = BTreeMap::new();
        for situation in &all {
            let decision = decide(*situation);
            assert_eq!(decision.call, rules(*situation), "{situation:?}");
            assert!(table.insert(*situation, decision).is_none(), "{situation:?} stands twice");
        }
        let mut text = String::new();
        for (situation, decision) in &table {
            text += &format!("{:?} ({})  <-  {situation:?}\n", decision.call, decision.words);
        }
        #[allow(clippy::print_stdout, reason = "the table is there to be read")]
        {
            println!("{text}");
        }
    }

    #[test]
    fn closing_needs_a_free_channel_that_others_carry() {
        for situation in all() {
            if let Situation::Active(a) = situation
                && matches!(decide(situation).call, Call::Drop | Call::Merge)
            {
                assert!(a.worth.is_some(), "{situation:?}");
                assert_eq!(a.protection, Protection::Free, "{situation:?}");
                assert_ne!(a.closing, Closing::Held, "{situation:?}");
                assert!(a.worth == Some(AxisState::Below) || a.closing == Closing::Twin, "{situation:?}");
            }
        }
    }

    #[test]
    fn every_call_has_words_in_the_criteria() {
        let criteria = crate::criteria::load::embedded().expect("the built-in criteria are sound");
        for situation in all() {
            let words = decide(situation).words;
            assert!(criteria.verdicts.call(words).is_some(), "{words}");
        }
    }
}
