/**
 * The audit: one entry for each thing that an administrator has changed, with who, when and from where, what it was before and
 * what after. An entry is written in the transaction of its change. It contains the hash of the entry before it, so that {@link
 * dev.warder.audit.AuditChain} finds an entry that was changed, removed or inserted. An attacker may also write all entries
 * after it again. The hash of a later entry shows that, and the log of the node that made the change has this hash.
 */
@NullMarked
package dev.warder.audit;

import org.jspecify.annotations.NullMarked;
