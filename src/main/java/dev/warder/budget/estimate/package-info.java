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
 * kind. {@link dev.warder.budget.estimate.BoundKeeper} is the thread that reads it after a start and keeps it in the database;
 * {@link dev.warder.budget.bound} has the table. No request waits for either: what is not known is assumed to be the most.
 */
@NullMarked
package dev.warder.budget.estimate;

import org.jspecify.annotations.NullMarked;
