/**
 * What administrators decided about clients, teams, tokens, budgets and limits, in the operator's database.
 *
 * <p>An object of the policy is a row with the JSON object that it would be in {@code policy.file}, so that a file and the
 * database have one language and one meaning; this package does not read these documents. Each change has a revision, a number
 * that all nodes count together under one lock. A node reads the rows whose revision is new to it ({@link
 * dev.warder.policy.store.PolicyStore#newest}), and a change is decided on with the newest content, while no other change can
 * be made ({@link dev.warder.policy.store.PolicyStore#change}). Changes are made by people and scripts, at a few each second,
 * so that one lock for all of them is no loss.
 */
@NullMarked
package dev.warder.policy.store;

import org.jspecify.annotations.NullMarked;
