/**
 * What nodes have learned of their clients' requests, kept in the operator's database for the time after a restart and for nodes
 * that start.
 *
 * <p>A bound is the largest value of many requests, so that two bounds of the same requests are combined by the larger one. A row
 * has the largest value of two spans of at least 7 days, the one that is under way and the one before: a client that has changed
 * is still judged by its old requests for some weeks, so that its bound is not too low. Bounds of files are kept for good.
 *
 * <p>No request waits for this package, and nothing depends on it: a node that cannot read the bounds assumes the most. The
 * statements are the same for PostgreSQL and H2, each transaction reads what is committed and changes rows in the order of their
 * keys, and only the database's clock is used.
 */
@NullMarked
package dev.warder.budget.bound;

import org.jspecify.annotations.NullMarked;
