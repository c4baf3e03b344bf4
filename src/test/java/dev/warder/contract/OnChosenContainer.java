package dev.warder.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks the bases of contracts. A concrete class that extends one, takes a container's starter in its constructor and has a name that
 * ends with {@code Contract} runs on the container that {@link ChosenContainer} provides, without an entry in any list: Jetty, and
 * Tomcat too where it is marked {@link OnEachContainer}.
 */
@Tag("contract")
@ExtendWith(ChosenContainer.class)
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface OnChosenContainer {}
