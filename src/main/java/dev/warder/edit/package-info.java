/**
 * Edits of requests and responses: the operator's aliases, which stand for models on the Messages API's paths, and the
 * operator's prompt; and Warder's knowledge of models, the catalogue of what each model accepts.
 *
 * <p><b>Aliases</b> ({@code models.aliases}): {@link dev.warder.edit.ModelAliasFilter} puts three objects on a request.
 * The {@link dev.warder.json.BodyPolicy.ModelResolver} is asked while the body is scanned, so that everything after the scan,
 * first of all the restriction of a client to models, sees the model that is asked upstream. The
 * {@link dev.warder.json.RequestEdit} replaces the value of {@code model} in the body. The {@link dev.warder.stream.ResponseEdit}
 * puts the alias into the response again, or lists the aliases among the upstream's models, without those that a client of the
 * policy may not use.
 *
 * <p><b>Catalogue</b>: {@link dev.warder.edit.ModelCatalog} has the shipped rows, those of the upstream, which
 * {@link dev.warder.edit.ModelListRefresh} requests, and the operator's.
 *
 * <p><b>Prompt</b> ({@code prompt.text}): {@link dev.warder.edit.PromptInjectionFilter} registers the edit that inserts the
 * operator's text into {@code system}; {@code SystemPrompt} finds the place.
 *
 * <p>No dialect is known here: {@code openai} depends on this package.
 */
@NullMarked
package dev.warder.edit;

import org.jspecify.annotations.NullMarked;
