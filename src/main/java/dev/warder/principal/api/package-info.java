/**
 * The policy in the database as resources below {@code /admin/api}, in JSON. {@link dev.warder.principal.api.ApiTarget} has the
 * paths and methods, and {@link dev.warder.principal.api.PrincipalApi} serves them. Who may call is decided before.
 *
 * <p>A resource of a kind of objects is named after the array in {@code policy.file}, and its {@code definition} is an object of
 * that file. {@code PUT} replaces a definition, {@code PATCH} merges into it (RFC 7396). Both need {@code If-Match}, so that two
 * administrators cannot undo each other's changes.
 */
@NullMarked
package dev.warder.principal.api;

import org.jspecify.annotations.NullMarked;
