// Package view is shared by the views in Go: it reads their settings from the gateway, and ends them in good order.
package view

import (
	"encoding/json"
	"fmt"
)

// Subset is a part of the lake that the view may use.
type Subset struct {
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix"`
	Access string `json:"access"`
}

// View is what the gateway says about the view, in VIEW_NAME and VIEW_SUBSETS.
type View struct {
	Name    string   `json:"name"`
	Subsets []Subset `json:"subsets"`
}

// FromEnvironment answers the view that a program runs in; outside of a gateway it is called other.
func FromEnvironment(get func(string) string, other string) (View, error) {
	found := View{Name: valueOr(get("VIEW_NAME"), other)}
	if err := json.Unmarshal([]byte(valueOr(get("VIEW_SUBSETS"), "[]")), &found.Subsets); err != nil {
		return View{}, fmt.Errorf("VIEW_SUBSETS is not a JSON list of subsets: %w", err)
	}
	for i, subset := range found.Subsets {
		found.Subsets[i].Access = valueOr(subset.Access, "read")
	}
	return found, nil
}

func valueOr(value, other string) string {
	if value == "" {
		return other
	}
	return value
}
