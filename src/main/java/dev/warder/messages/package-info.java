/**
 * What the Messages API sends: its event streams as calls of {@link dev.warder.messages.MessageEvents}, read by
 * {@link dev.warder.messages.MessageReader}, and its {@link dev.warder.messages.Usage}. The names of events and members
 * are kept here, so that translations and the reader of usage need not know them.
 */
@NullMarked
package dev.warder.messages;

import org.jspecify.annotations.NullMarked;
