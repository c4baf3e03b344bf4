/**
 * Where logins are stored, and shared with other processes: a file with a lock file, or a row of a database table.
 * {@link dev.warder.oauth.store.TokenStores} opens the store that the settings name.
 *
 * <p>Both stores read and write the same JSON document, which is encrypted where a key is configured. All calls may
 * wait, at most 5 s each, therefore they are made on a thread that may wait.
 */
@NullMarked
package dev.warder.oauth.store;

import org.jspecify.annotations.NullMarked;
