package sandbox

import (
	"container/list"
	"sync"
	"time"
)

// vault keeps values in memory under secret keys, each for the same length of time, and never more than a
// fixed number of them: when it is full, the one that was put or used longest ago goes.
type vault[T any] struct {
	life time.Duration
	most int
	now  func() time.Time

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *kept[T], the one that was put or used longest ago in front
}

type kept[T any] struct {
	key   string
	value T
	ends  time.Time
}

func newVault[T any](life time.Duration, most int, now func() time.Time) *vault[T] {
	return &vault[T]{life: life, most: most, now: now, byKey: map[string]*list.Element{}, order: list.New()}
}

// put stores v under key.
func (v *vault[T]) put(key string, value T) {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.now()
	for front := v.order.Front(); front != nil; front = v.order.Front() {
		if now.Before(front.Value.(*kept[T]).ends) && v.order.Len() < v.most {
			break
		}
		v.remove(front)
	}
	if old, ok := v.byKey[key]; ok {
		v.remove(old)
	}
	v.byKey[key] = v.order.PushBack(&kept[T]{key: key, value: value, ends: now.Add(v.life)})
}

// get returns what lies under key and has not ended.
func (v *vault[T]) get(key string) (T, bool) { return v.look(key, func(*list.Element) {}) }

// use is get, and starts the value's life anew.
func (v *vault[T]) use(key string) (T, bool) {
	return v.look(key, func(e *list.Element) {
		e.Value.(*kept[T]).ends = v.now().Add(v.life)
		v.order.MoveToBack(e)
	})
}

// take is get, and leaves replace(value) in its place: what may be used once is marked, not forgotten.
func (v *vault[T]) take(key string, replace func(T) T) (T, bool) {
	return v.look(key, func(e *list.Element) {
		k := e.Value.(*kept[T])
		k.value = replace(k.value)
	})
}

// look returns the value under key as it was before then touched its element.
func (v *vault[T]) look(key string, then func(*list.Element)) (T, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var none T
	e, ok := v.byKey[key]
	if !ok {
		return none, false
	}
	k := e.Value.(*kept[T])
	if !v.now().Before(k.ends) {
		v.remove(e)
		return none, false
	}
	value := k.value
	then(e)
	return value, true
}

// dropIf removes every value that matches, and says how many.
func (v *vault[T]) dropIf(match func(key string, value T) bool) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	dropped := 0
	for e := v.order.Front(); e != nil; {
		next := e.Next()
		if k := e.Value.(*kept[T]); match(k.key, k.value) {
			v.remove(e)
			dropped++
		}
		e = next
	}
	return dropped
}

func (v *vault[T]) remove(e *list.Element) {
	delete(v.byKey, e.Value.(*kept[T]).key)
	v.order.Remove(e)
}
