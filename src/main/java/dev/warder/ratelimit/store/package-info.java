/** What nodes share of rate limits: the content of buckets and the slots of each node, in the operator's database. */
@NullMarked
package dev.warder.ratelimit.store;

import org.jspecify.annotations.NullMarked;
