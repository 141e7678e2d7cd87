import { expect, test } from 'vitest'
import { type Departments, placesOf } from '#platforms/department-paths.ts'

const tree: Departments = new Map([
  [1, { name: '示例集团', parent: 0 }],
  [2, { name: '研发中心', parent: 1 }],
  [3, { name: ' 前端 ', parent: 2 }],
  [4, { name: null, parent: 2 }],
  [8, { name: '甲', parent: 9 }],
  [9, { name: '乙', parent: 8 }],
])

test.for([
  { of: [3], paths: ['研发中心/前端'], ids: ['3', '2', '1'] },
  { of: [3, 2], paths: ['研发中心', '研发中心/前端'], ids: ['2', '1', '3'] },
  { of: [4], paths: ['研发中心/4'], ids: ['4', '2', '1'] },
  { of: [1], paths: [], ids: ['1'] },
  { of: [77], paths: [], ids: ['77'] },
  { of: [8], paths: ['乙/甲'], ids: ['8', '9'] },
])('departments $of stand at $paths', ({ of, paths, ids }) => {
  expect(placesOf(tree, of)).toEqual({ paths, ids })
})
