//! Work that many hands make light: the same answers in the same order, however many there are.

/// Each item worked on, in the order of the items, on all cores.
///
/// # Panics
/// Where `work` does.
pub(crate) fn on_all_cores<'i, I: Sync, T: Send>(items: &'i [I], work: impl Fn(&'i I) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let each = items.len().div_ceil(cores).max(1);
    let (own, others) = items.split_at(each.min(items.len()));
    let work = &work;
    let do_all = move |items: &'i [I]| items.iter().map(work).collect::<Vec<T>>();
    std::thread::scope(|scope| {
        let hands: Vec<_> = others.chunks(each).map(|part| scope.spawn(move || do_all(part))).collect();
        let mut done = do_all(own);
        for hand in hands {
            done.extend(hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    })
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
