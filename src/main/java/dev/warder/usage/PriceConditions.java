package dev.warder.usage;

import java.time.Instant;
import java.util.Optional;

/**
 * The conditions that select the price of a request, apart from the length of its prompt. Immutable.
 *
 * @param model the name of the model that served it
 * @param geo the place where the model ran ({@code inference_geo}), if it is known
 * @param admitted when Warder admitted the request: the prices of that moment count, also if it ends later
 */
public record PriceConditions(String model, Tier tier, Speed speed, Optional<String> geo, Instant admitted) {}
