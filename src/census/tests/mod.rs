//! The fold against numbers computed by hand. [`world`] makes inventories and rows.

mod contacts;
mod edges;
mod files;
mod journeys;
mod laws;
mod promises;
mod world;
