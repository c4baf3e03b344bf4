/**
 * The highest version of {@code policy.file} that any node has used, so that a node with an older copy of the file does
 * not admit clients that were removed. The versions are shared in the operator's database ({@link
 * dev.warder.policy.version.DatabaseVersions}); without one, a node keeps its own below {@code data.dir} ({@link
 * dev.warder.policy.version.FileVersions}), so that a restart with an older file is noticed. The content of the file is
 * not shared: a node whose file is older can only refuse requests until it has the newer one.
 */
@NullMarked
package dev.warder.policy.version;

import org.jspecify.annotations.NullMarked;
