/**
 * What the Messages API sends: its event streams as calls of {@link dev.warder.messages.MessageEvents}, read by
 * {@link dev.warder.messages.MessageReader}, and its {@link dev.warder.messages.Usage}. The names of events and members
 * are kept here, so that translations need not know them. The reader of usage, which looks at all responses, knows the few
 * that it needs.
 */
@NullMarked
package dev.warder.messages;

import org.jspecify.annotations.NullMarked;
