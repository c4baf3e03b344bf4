/**
 * What Warder knows of models: {@link dev.warder.models.ModelCatalog} has what each model accepts by the shipped rows, those of
 * the upstream, which {@link dev.warder.models.ModelLearning} requests, and the operator's. No dialect is known here.
 */
@NullMarked
package dev.warder.models;

import org.jspecify.annotations.NullMarked;
