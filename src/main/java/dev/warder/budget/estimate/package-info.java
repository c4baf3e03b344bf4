/**
 * What a request may cost at most, before it is sent and while its response comes.
 *
 * <p>{@link dev.warder.budget.estimate.Bounds} describes a request as a {@link dev.warder.budget.estimate.MeteredRequest}, and
 * makes its {@link dev.warder.budget.estimate.CostBound}: by the prices in use, and by what requests of the same client and model
 * had before. These are the tokens of each byte of a prompt ({@code PromptRatio}), and how fast a model generates ({@code
 * OutputSpeeds}). What a request had is added when it is known.
 * {@code UncountedPrompts} limits how much less than the careful bound a client's requests may hold until their prompts are
 * counted.
 *
 * <pre>
 *  gate, meter ──► Bounds ──► PromptRatio, OutputSpeeds
 *                                   │
 *                                   ▼
 *     database ◄──► BoundKeeper ◄──► LearnedBounds
 * </pre>
 *
 * <p>{@link dev.warder.budget.estimate.LearnedBounds} has what was learned, one {@code LargestValue} for each client, model and
 * kind. {@link dev.warder.budget.estimate.BoundKeeper} is the thread that reads it after a start and keeps it in the database,
 * by {@link dev.warder.budget.estimate.DatabaseBounds}. No request waits for either: what is not known is assumed to be the most.
 *
 * <p>A bound is the largest value of many requests, so that two bounds of the same requests are combined by the larger one. A row
 * has the largest value of two spans of at least 7 days, the one that is under way and the one before: a client that has changed
 * is still judged by its old requests for some weeks, so that its bound is not too low. Bounds of files are kept for good.
 */
@NullMarked
package dev.warder.budget.estimate;

import org.jspecify.annotations.NullMarked;
