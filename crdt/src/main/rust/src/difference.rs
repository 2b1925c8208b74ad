//! How one sequence becomes another with few changes: what is alike at both ends stays, and in between the greedy search
//! of Myers ("An O(ND) Difference Algorithm", 1986) finds what else can stay.

use std::ops::Range;

/// Sequences that differ in more places than this are not worth a closer look: their middle is exchanged as a whole.
const CHANGES_MAX: usize = 1_000;

/// A stretch of the first sequence and what stands in its place in the second. Everything between hunks is alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Hunk {
    pub before: Range<usize>,
    pub after: Range<usize>,
}

/// The hunks in ascending order.
pub fn hunks<T: PartialEq>(before: &[T], after: &[T]) -> Vec<Hunk> {
    let start = before.iter().zip(after).take_while(|(left, right)| left == right).count();
    let (left, right) = (&before[start..], &after[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left[..left.len() - end], &right[..right.len() - end]);
    let mut found = match (left.is_empty(), right.is_empty()) {
        (true, true) => return Vec::new(),
        (false, false) => search(left, right),
        _ => None,
    }
    .unwrap_or_else(|| vec![Hunk { before: 0..left.len(), after: 0..right.len() }]);
    for hunk in &mut found {
        hunk.before = hunk.before.start + start..hunk.before.end + start;
        hunk.after = hunk.after.start + start..hunk.after.end + start;
    }
    found
}

/// Nothing if there are too many changes.
fn search<T: PartialEq>(before: &[T], after: &[T]) -> Option<Vec<Hunk>> {
    let changes_max = CHANGES_MAX.min(before.len() + after.len());
    let middle = changes_max as isize + 1;
    // How far one gets on each diagonal (position before minus position after) with so many changes.
    let mut reach = vec![0usize; 2 * middle as usize + 1];
    let mut reaches: Vec<Vec<usize>> = Vec::new();
    for changes in 0..=changes_max as isize {
        reaches.push(reach[(middle - changes) as usize..=(middle + changes) as usize].to_vec());
        for diagonal in (-changes..=changes).step_by(2) {
            let at = (middle + diagonal) as usize;
            let down = diagonal == -changes || diagonal != changes && reach[at - 1] < reach[at + 1];
            let mut x = if down { reach[at + 1] } else { reach[at - 1] + 1 };
            let mut y = (x as isize - diagonal) as usize;
            while x < before.len() && y < after.len() && before[x] == after[y] {
                x += 1;
                y += 1;
            }
            reach[at] = x;
            if x >= before.len() && y >= after.len() {
                return Some(walk_back(before.len(), after.len(), &reaches));
            }
        }
    }
    None
}

/// From the end to the beginning, along the way that was found.
fn walk_back(mut x: usize, mut y: usize, reaches: &[Vec<usize>]) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for (changes, reach) in reaches.iter().enumerate().skip(1).rev() {
        let changes = changes as isize;
        let of = |diagonal: isize| reach[(diagonal + changes) as usize];
        let diagonal = x as isize - y as isize;
        let down = diagonal == -changes || diagonal != changes && of(diagonal - 1) < of(diagonal + 1);
        let from = if down { diagonal + 1 } else { diagonal - 1 };
        let from_x = of(from);
        let from_y = (from_x as isize - from) as usize;
        let one = if down {
            Hunk { before: from_x..from_x, after: from_y..from_y + 1 }
        } else {
            Hunk { before: from_x..from_x + 1, after: from_y..from_y }
        };
        match hunks.last_mut() {
            Some(next) if next.before.start == one.before.end && next.after.start == one.after.end => {
                next.before.start = one.before.start;
                next.after.start = one.after.start;
            }
            _ => hunks.push(one),
        }
        (x, y) = (from_x, from_y);
    }
    hunks.reverse();
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(before: &[u8], after: &[u8], hunks: &[Hunk]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = 0;
        for hunk in hunks {
            out.extend_from_slice(&before[at..hunk.before.start]);
            out.extend_from_slice(&after[hunk.after.clone()]);
            at = hunk.before.end;
        }
        out.extend_from_slice(&before[at..]);
        out
    }

    #[test]
    fn hunks_lead_from_one_to_the_other() {
        let mut random = 12_345u32;
        for _ in 0..2_000 {
            let mut next = |below: u32| {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (random >> 16) % below
            };
            let before: Vec<u8> = (0..next(30)).map(|_| next(4) as u8).collect();
            let after: Vec<u8> = (0..next(30)).map(|_| next(4) as u8).collect();
            assert_eq!(patched(&before, &after, &hunks(&before, &after)), after);
        }
    }

    #[test]
    fn what_is_alike_stays() {
        let found = hunks(b"the quick brown fox", b"the slow brown dog");
        let kept = 19 - found.iter().map(|hunk| hunk.before.len()).sum::<usize>();
        assert!(kept >= b"the  brown o".len(), "{found:?}");
        assert_eq!(hunks(b"abc", b"abc"), vec![]);
        assert_eq!(hunks(b"", b"abc"), vec![Hunk { before: 0..0, after: 0..3 }]);
    }

    #[test]
    fn the_middle_of_too_different_ones_is_exchanged() {
        let before: Vec<u32> = (0..3_000).collect();
        let after: Vec<u32> = (0..3_000).map(|n| if n % 2 == 0 { n } else { n + 10_000 }).collect();
        assert_eq!(hunks(&before, &after), vec![Hunk { before: 1..3_000, after: 1..3_000 }]);
    }
}
