//! `chanfolio explain`: where a number, a word or a rule comes from.

use anyhow::bail;

use super::load;
use crate::cli::{COULD_NOT_RUN, DONE, ExplainArgs, Session};
use crate::criteria::explain::{explain, known_ids};
use crate::text::tree::suggest;

/// Explains one id, or lists all of them.
///
/// # Errors
/// The id is not known, or the criteria folder cannot be read.
pub fn run(args: &ExplainArgs, session: &mut Session<'_>) -> anyhow::Result<u8> {
    let Some(criteria) = load::criteria(args.criteria.as_deref(), session)? else { return Ok(COULD_NOT_RUN) };
    let ids = known_ids(&criteria);
    let Some(id) = &args.id else {
        for (group, ids) in &ids {
            writeln!(session.stdout, "{group}")?;
            for id in ids {
                writeln!(session.stdout, "  {id}")?;
            }
        }
        return Ok(DONE);
    };
    match explain(&criteria, id, args.lang.into()) {
        Some(text) => {
            session.stdout.write_all(text.as_bytes())?;
            Ok(DONE)
        }
        None => {
            let all = ids.iter().flat_map(|(_, ids)| ids.iter().map(String::as_str));
            match suggest(id, all) {
                Some(near) => bail!("nothing is called `{id}`; did you mean `{near}`?"),
                None => bail!("nothing is called `{id}`; `chanfolio explain` lists everything"),
            }
        }
    }
}
