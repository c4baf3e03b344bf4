/**
 * Reads the policy from {@code policy.file} or from the objects of the database, and keeps the version in use. {@link
 * dev.warder.policy.reading.PolicySettings} has the settings. {@link dev.warder.policy.reading.LivePolicy} has the version in use:
 * it takes each new content, of which {@code PolicyReader} makes a {@link dev.warder.policy.Policy}. Its parts read from an {@code
 * ObjectReader}, which collects all {@code Problems}. {@link dev.warder.policy.reading.VersionExchange} compares the version of
 * the file with that of other nodes. {@link dev.warder.policy.reading.TokenTerms} reads what the database has about an access
 * token.
 *
 * <p>The file is a JSON object: {@code version}, {@code zone} (of all periods; {@code UTC} without it), {@code
 * organization}, {@code teams}, {@code clients}, {@code tags}, {@code models}, {@code sessions}. Each of them may have
 * {@code budgets}: objects with {@code amount} (US dollars in a string), {@code period}, {@code zone}, {@code mode} and
 * {@code on_exhausted}. All but tags and sessions may have {@code limits}: an object with {@code requests_per_minute},
 * {@code input_tokens_per_minute}, {@code output_tokens_per_minute} and {@code concurrent_requests}.
 *
 * <p>Where there was a choice:
 *
 * <ul>
 *   <li>The file is read as a tree (JSON-P) and not as records (JSON-B), so that each problem is reported with its
 *       place, and unknown members and members of the wrong type are found.
 *   <li>A client without {@code token_names} has the token of its own name, since most clients have only that one; with
 *       an empty array it has none.
 *   <li>The names {@code shared} and {@code open} may be listed as names of tokens: they mean the token of {@code
 *       clients.token}, and any caller under {@code clients.open}. No client or team has such a name, since a client
 *       would own that token by its name.
 *   <li>Names of clients and teams are one name space, regardless of the case of letters, so that a name in a log, an
 *       invoice or a message is never ambiguous.
 *   <li>An empty object of {@code limits} is refused, and so is a limit of 0: it is no way to keep a client out.
 *   <li>An empty array of {@code models} or {@code paths} is refused: it could mean all or none.
 *   <li>A changed content needs a higher version: with an equal one, nodes could not know which of two contents is
 *       newer.
 *   <li>{@code budget.default} gives each client that nothing limits a budget of its own, in the calendar of the file's
 *       {@code zone}; it is not a common one.
 * </ul>
 */
@NullMarked
package dev.warder.policy.reading;

import org.jspecify.annotations.NullMarked;
