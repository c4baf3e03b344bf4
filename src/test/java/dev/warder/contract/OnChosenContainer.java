package dev.warder.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks the bases of contracts. A concrete class that extends one and has a name that ends with
 * {@code Contract} runs on the container that {@link ChosenContainer} provides, without an entry in any list: Jetty, and
 * Tomcat too where it is marked {@link OnEachContainer}.
 */
@Tag("contract")
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface OnChosenContainer {}
