// Prints the version of Go's Unicode tables, and each code point with its lower case where that is another one.
package main

import (
	"fmt"
	"unicode"
)

func main() {
	fmt.Println(unicode.Version)
	for point := rune(0); point <= unicode.MaxRune; point++ {
		if lower := unicode.ToLower(point); lower != point {
			fmt.Println(point, lower)
		}
	}
}
