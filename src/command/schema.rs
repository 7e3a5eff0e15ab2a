//! `chanfolio schema`: the JSON Schema of the inventory, or of the JSON that `assess`, `check` or `staff` writes.

use crate::cli::{COULD_NOT_RUN, DONE, SchemaArgs, SchemaOf, Session};

/// Prints the schema.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(args: &SchemaArgs, session: &mut Session<'_>) -> anyhow::Result<u8> {
    let schema = match args.what {
        SchemaOf::Inventory => {
            let Some(criteria) = super::load::criteria(None, session)? else { return Ok(COULD_NOT_RUN) };
            crate::inventory::schema::schema(&criteria.kinds)
        }
        SchemaOf::Assessment => crate::report::v1::json_schema(),
        SchemaOf::Check => crate::report::check::json_schema(),
        SchemaOf::Staff => crate::report::staff::json_schema(),
    };
    let text = serde_json::to_string_pretty(&schema)?;
    writeln!(session.stdout, "{text}")?;
    Ok(DONE)
}
