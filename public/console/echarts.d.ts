// `echarts.js` beside this file is served from the package.
export * from 'echarts'
