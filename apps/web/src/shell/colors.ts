/** The series colours of every chart and bar: told apart without red against green, in light and dark. */
export const chartColors = ['#3d7c48', '#d8973c', '#4b7fa8', '#8d5a97', '#a3a08f', '#b5574a', '#5f9ea0'];
