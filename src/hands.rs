//! Work that many hands make light: the same answers in the same order, however many there are.

use std::sync::{Mutex, PoisonError};

/// Each item worked on, in the order of the items, on all cores. Whoever is done takes the next.
///
/// # Panics
/// Where `work` does.
pub(crate) fn on_all_cores<I, T, Items>(items: Items, work: impl Fn(I) -> T + Sync) -> Vec<T>
where
    I: Send,
    T: Send,
    Items: IntoIterator<Item = I, IntoIter: ExactSizeIterator + Send>,
{
    let items = items.into_iter();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let hands = cores.min(items.len());
    let queue = Mutex::new(items.enumerate());
    let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let do_some =
        || -> Vec<(usize, T)> { std::iter::from_fn(take).map(|(at, item)| (at, work(item))).collect() };
    let mut done = std::thread::scope(|scope| {
        let hands: Vec<_> = (1..hands).map(|_| scope.spawn(do_some)).collect();
        let mut done = do_some();
        for hand in hands {
            done.extend(hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_whatever_the_number() {
        for n in 0..40 {
            let items: Vec<usize> = (0..n).collect();
            let squares: Vec<usize> = items.iter().map(|i| i * i).collect();
            assert_eq!(on_all_cores(&items, |i| i * i), squares);
        }
    }
}
