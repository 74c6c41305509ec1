//! Paths are written in one way.

use compliance::Paths;
use proptest::{collection::vec, prelude::*};
use types::{decode, encode};

proptest! {
    /// Numbers are paths if and only if each is of a law, none comes twice, and they go upwards; what is read is
    /// what was written.
    #[test]
    fn numbers_are_paths_if_they_are_written_as_paths_are(
        numbers in vec((0..35u16, 0..3u16).prop_map(|(law, place)| law << 8 | place), 0..4),
    ) {
        let goes_up = numbers.windows(2).all(|pair| pair[0] >> 8 < pair[1] >> 8);
        let fits = numbers.iter().all(|number| number >> 8 <= 32 && number & 0xff != 0);
        let read = decode::<Paths>(&encode(&numbers));
        prop_assert_eq!(read.is_ok(), goes_up && fits);
        let json = serde_json::to_string(&numbers).unwrap();
        prop_assert_eq!(serde_json::from_str::<Paths>(&json).ok(), read.as_ref().ok().copied());
        if let Ok(paths) = read {
            prop_assert_eq!(encode(&paths), encode(&numbers));
            prop_assert_eq!(serde_json::to_string(&paths).unwrap(), json);
            prop_assert_eq!(paths.numbers().collect::<Vec<_>>(), numbers);
        }
    }

    /// Of two sets the first stands, and the second adds what laws the first says nothing of.
    #[test]
    fn the_earlier_path_of_a_law_stands(first in 0..4u16, second in 0..4u16) {
        let of = |place: u16, law: u16| {
            let number = Some(law << 8 | place).filter(|_| place != 0);
            Paths::try_from(number.into_iter().collect::<Vec<_>>()).unwrap()
        };
        let stands = if first == 0 { second } else { first };
        prop_assert_eq!(of(first, 7).and(&of(second, 7)), of(stands, 7));
        let both = of(first, 7).and(&of(second, 8));
        prop_assert_eq!(both.numbers().count(), usize::from(first > 0) + usize::from(second > 0));
    }
}
