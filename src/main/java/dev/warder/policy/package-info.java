/**
 * Who may use what, how much may be spent, and how fast: the content of {@code policy.file}. {@link dev.warder.policy.Policy} is
 * the immutable result of reading one version of it, or of the objects that administrators keep in the database. A {@link
 * dev.warder.policy.Policy.Entry} is a client in the version with which its request was admitted; {@link
 * dev.warder.policy.Budget} and {@link dev.warder.policy.RateLimits} are what an owner has. {@link dev.warder.policy.Period} is
 * the arithmetic of calendars. This package neither measures nor refuses anything: whether a budget is spent is known elsewhere,
 * under {@link dev.warder.policy.Budget#key}.
 *
 * <p>{@link dev.warder.policy.PolicySettings} has the settings. {@link dev.warder.policy.LivePolicy} has the version in use: it
 * takes each new content, of which {@code PolicyReader} makes a policy. Its parts read from an {@code ObjectReader}, which
 * collects all {@code Problems}. {@link dev.warder.policy.VersionExchange} compares the version of the file with that of other
 * nodes. An object of the policy in the database is a row with the JSON object that it would be in the file, so that both have
 * one language and one meaning. Each change has a revision, a number that all nodes count together under one lock. A node reads
 * the rows whose revision is new to it ({@link dev.warder.policy.PolicyFollower#newest}). {@code AuditMark} notes in a file what
 * this node knows of the audit, so that a database that has lost changes is noticed.
 *
 * <p>Where there was a choice:
 *
 * <ul>
 *   <li>A token belongs to at most one client, and a token that no client lists belongs to none: removing a client ends
 *       the access of its tokens.
 *   <li>A client's only team pays for it; with several teams the payer is named. The budgets and models of the team
 *       that pays count, and other memberships neither grant nor limit anything.
 *   <li>The word {@code unlimited} of a client or a team only states that no further budget is needed; the budgets of
 *       its team, the organization, tags, models and sessions count as before. It may be combined with budgets that do
 *       not enforce.
 *   <li>An owner has at most one budget for each period. It keeps its key, and what was spent, when its amount, zone or
 *       mode changes.
 *   <li>An amount of 0 permits nothing, which pauses a team without another change.
 *   <li>A request is charged to the budgets of all patterns of models that match; a date or a suffix in brackets at the
 *       end of a model's name does not evade them.
 *   <li>The file is read as a tree (JSON-P) and not as records (JSON-B), so that each problem is reported with its
 *       place, and unknown members and members of the wrong type are found.
 *   <li>A client without {@code token_names} has the token of its own name, since most clients have only that one; with
 *       an empty array it has none.
 *   <li>The names {@code shared} and {@code open} may be listed as names of tokens: they mean the token of {@code
 *       clients.token}, and any caller under {@code clients.open}. No client or team has such a name, since a client
 *       would own that token by its name.
 *   <li>Names of clients and teams are one name space, regardless of the case of letters, so that a name in a log, an
 *       invoice or a message is never ambiguous.
 *   <li>An empty object of {@code limits} is refused, and so is a limit of 0: it is no way to keep a client out. So is an
 *       empty array of {@code models} or {@code paths}: it could mean all or none.
 *   <li>A changed content needs a higher version: with an equal one, nodes could not know which of two contents is
 *       newer.
 *   <li>{@code budget.default} gives each client that nothing limits a budget of its own, in the calendar of the file's
 *       {@code zone}; it is not a common one.
 * </ul>
 */
@NullMarked
package dev.warder.policy;

import org.jspecify.annotations.NullMarked;
