/**
 * Who may use what, how much may be spent, and how fast: the content of {@code policy.file}. {@link dev.warder.policy.Policy} is
 * the immutable result of reading one version of it, and {@link dev.warder.policy.LivePolicy} keeps the version in use.
 * {@link dev.warder.policy.PolicySettings} has the settings, and a {@link dev.warder.policy.PolicyEntry} is a client in
 * the version with which its request was admitted. {@link dev.warder.policy.Period} is the arithmetic of calendars.
 * This package neither measures nor refuses anything: whether a budget is spent is known elsewhere, under {@link
 * dev.warder.policy.Budget#key}.
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
 *   <li>A token belongs to at most one client, and a token that no client lists belongs to none: removing a client ends
 *       the access of its tokens.
 *   <li>The names {@code shared} and {@code open} may be listed as names of tokens: they mean the token of {@code
 *       clients.token}, and any caller under {@code clients.open}. No client or team has such a name, since a client
 *       would own that token by its name.
 *   <li>Names of clients and teams are one name space, regardless of the case of letters, so that a name in a log, an
 *       invoice or a message is never ambiguous.
 *   <li>A client's only team pays for it; with several teams the payer is named. The budgets and models of the team
 *       that pays count, and other memberships neither grant nor limit anything.
 *   <li>The word {@code unlimited} of a client or a team only states that no further budget is needed; the budgets of
 *       its team, the organization, tags, models and sessions count as before. It may be combined with budgets that do
 *       not enforce.
 *   <li>An owner has at most one budget for each period. It keeps its key, and what was spent, when its amount, zone or
 *       mode changes.
 *   <li>An amount of 0 permits nothing, which pauses a team without another change.
 *   <li>An empty object of {@code limits} is refused, and so is a limit of 0: it is no way to keep a client out.
 *   <li>A request is charged to the budgets of all patterns of models that match; a date or a suffix in brackets at the
 *       end of a model's name does not evade them.
 *   <li>An empty array of {@code models} or {@code paths} is refused: it could mean all or none.
 *   <li>A changed content needs a higher version: with an equal one, nodes could not know which of two contents is
 *       newer.
 *   <li>{@code budget.default} gives each client that nothing limits a budget of its own, in the calendar of the file's
 *       {@code zone}; it is not a common one.
 * </ul>
 */
@NullMarked
package dev.warder.policy;

import org.jspecify.annotations.NullMarked;
