/**
 * The highest version of {@code policy.file} that any node has used, so that a node with an older copy of the file does
 * not admit clients that were removed. The versions are shared in the operator's database ({@link
 * dev.warder.policy.version.DatabaseVersions}); without one, a node keeps its own below {@code data.dir} ({@link
 * dev.warder.policy.version.FileVersions}), so that a restart with an older file is noticed. A digest is kept
 * with each version, so that two files with the same version and different contents are noticed too. Of the content of the
 * file only the names of tokens and clients are shared ({@link dev.warder.policy.TokenOwners}). A node whose file is older, or
 * differs, refuses new requests until it has a newer one, and ends those under way whose client has been removed. A database
 * that was tampered with can end requests in this way, and permit none.
 */
@NullMarked
package dev.warder.policy.version;

import org.jspecify.annotations.NullMarked;
