/**
 * What the queries below {@code /v1/organizations} have in common. Pure functions of text.
 *
 * <p>{@link dev.warder.organization.query.QueryPairs} reads the parameters of a query in their order, and each resource decides
 * what they mean. {@link dev.warder.organization.query.PageToken} makes the parameter {@code page} of the next page, and reads it
 * again.
 */
@NullMarked
package dev.warder.organization.query;

import org.jspecify.annotations.NullMarked;
