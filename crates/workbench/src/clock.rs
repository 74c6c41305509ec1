//! Time on a workbench: the machine's, moved at will. Blocks are dated in whole seconds, each at least one
//! after the other, as Ethereum's contracts expect.

use types::Time;

/// What the time of the next block follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Seconds that this chain is ahead of the machine, or behind it.
    pub(crate) ahead_secs: i64,
    /// The time of the next block, if it was set.
    pub(crate) next_secs: Option<u64>,
}

impl Clock {
    /// The time of a block after `parent`, if it is made `now`.
    pub(crate) fn after(&self, parent: Time, now: Time) -> Time {
        let least = parent.secs().saturating_add(1);
        let now = now.secs().saturating_add_signed(self.ahead_secs);
        Time::from_secs(self.next_secs.unwrap_or(now).max(least))
    }

    /// Notes that a block of this time was made: the chain's time goes on from one that was set.
    pub(crate) fn used(&mut self, time: Time, now: Time) {
        if self.next_secs.take().is_some() {
            self.ahead_secs = difference(time.secs(), now.secs());
        }
    }
}

fn difference(later: u64, earlier: u64) -> i64 {
    match later >= earlier {
        true => i64::try_from(later - earlier).unwrap_or(i64::MAX),
        false => i64::try_from(earlier - later).map_or(i64::MIN, |behind| -behind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_seconds_apart_and_time_goes_on_from_where_it_was_set() {
        let mut clock = Clock::default();
        let (parent, now) = (Time(10_500), Time(10_900));
        assert_eq!(clock.after(parent, now), Time(11_000), "a second after the parent");
        assert_eq!(clock.after(parent, Time(15_999)), Time(15_000), "the machine's, in seconds");
        clock.ahead_secs = 100;
        assert_eq!(clock.after(parent, now), Time(110_000));
        clock.next_secs = Some(500);
        assert_eq!(clock.after(parent, now), Time(500_000));
        clock.used(Time(500_000), now);
        assert_eq!(clock.after(Time(500_000), Time(12_900)), Time(502_000), "two seconds later");
    }
}
